import { configureGlobal } from 'fast-check';

// The same examples on every machine, so that a red run can be repeated; CASCADE_PROPERTY_SEED looks elsewhere.
configureGlobal({ seed: Number(process.env.CASCADE_PROPERTY_SEED ?? 20_261_121) });
