/**
 * Logarithm and exponential with the same bits on every machine.
 *
 * The language leaves the last bits of `Math.log` and `Math.exp` to the JavaScript engine, so a replicate
 * would differ between browsers and Node versions. The functions here are FreeBSD's libm in plain
 * arithmetic (by way of stdlib), and IEEE 754 pins every operation they use. Errors stay below 1 ulp.
 */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';

export { exp, ln };
