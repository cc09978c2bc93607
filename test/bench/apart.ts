/** Work in a process of its own, so that the garbage of one contestant costs the other neither time nor compiled code. */
import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of this folder that says when it is ready, and then answers each message with one. */
export class Apart<Question extends Serializable, Answer> {
  private readonly child: ChildProcess;
  private readonly program: string;

  private constructor(program: string, child: ChildProcess) {
    this.program = program;
    this.child = child;
  }

  /** Resolves when the program is ready. */
  static async start<Question extends Serializable, Answer>(
    program: string,
    ...parameters: readonly (string | number)[]
  ): Promise<Apart<Question, Answer>> {
    const child = fork(join(import.meta.dirname, program), parameters.map(String));
    const apart = new Apart<Question, Answer>(program, child);
    await apart.answer();
    return apart;
  }

  ask(question: Question): Promise<Answer> {
    this.child.send(question);
    return this.answer();
  }

  stop(): void {
    this.child.disconnect();
  }

  private async answer(): Promise<Answer> {
    const answered = new AbortController();
    const { signal } = answered;
    const ended = once(this.child, 'exit', { signal });
    ended.catch(() => undefined); // it is given up as soon as there is an answer
    const [answer, isAnswer] = await Promise.race([
      once(this.child, 'message', { signal }).then((told): [unknown, boolean] => [told[0], true]),
      ended.then((told): [unknown, boolean] => [told[0], false]),
    ]);
    answered.abort();
    if (!isAnswer) throw new Error(`${this.program} ended with ${String(answer)}`);
    return answer as Answer;
  }
}
