/** Work in a process of its own, so that the garbage of one contestant costs the other neither time nor compiled code. */
import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of this folder that says when it is ready, and then answers each message with one. */
export class Apart<Question extends Serializable, Answer> {
  private readonly child: ChildProcess;
  private readonly program: string;
  private asked = false;

  private constructor(program: string, child: ChildProcess) {
    this.program = program;
    this.child = child;
  }

  /** Resolves when the program is ready. */
  static async start<Question extends Serializable, Answer>(
    program: string,
    ...parameters: readonly (string | number)[]
  ): Promise<Apart<Question, Answer>> {
    // Advanced: JSON has no NaN, and a time that is none would count as 0.
    const child = fork(join(import.meta.dirname, program), parameters.map(String), {
      serialization: 'advanced',
    });
    const apart = new Apart<Question, Answer>(program, child);
    await apart.answer();
    return apart;
  }

  /** One question at a time. */
  async ask(question: Question): Promise<Answer> {
    if (this.asked) throw new Error(`${this.program} has not answered yet`);
    this.asked = true;
    this.child.send(question);
    const answer = await this.answer();
    this.asked = false;
    return answer;
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private async answer(): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    const ended = once(this.child, 'exit', { signal });
    ended.catch(() => undefined); // it is given up as soon as there is an answer
    const [answer, isAnswer] = await Promise.race([
      once(this.child, 'message', { signal }).then((told): [unknown, boolean] => [told[0], true]),
      ended.then(([code, signal]: unknown[]): [unknown, boolean] => [code ?? signal, false]),
    ]);
    answered.abort();
    if (!isAnswer) throw new Error(`${this.program} ended with ${String(answer)}`);
    return answer as Answer;
  }
}
