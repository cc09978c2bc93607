import type { Micros } from '../base/units.ts';
import type { HandlerId, Kernel, Phase } from '../kernel/kernel.ts';

/** The kernel's handlers with their names, by which the log of events calls them. */
export class Handlers {
  private readonly kernel: Kernel;
  private readonly prefix: string;
  private readonly names: string[];

  constructor(kernel: Kernel, prefix = '', names: string[] = []) {
    this.kernel = kernel;
    this.prefix = prefix;
    this.names = names;
  }

  /** The same, with a prefix to all names that are given from now on. */
  within(prefix: string): Handlers {
    return new Handlers(this.kernel, `${this.prefix}${prefix}`, this.names);
  }

  nameOf(handler: HandlerId): string {
    return this.names[handler];
  }

  register(name: string, handler: (a: number, b: number) => void): HandlerId {
    const id = this.kernel.register(handler);
    this.names[id] = this.prefix + name;
    return id;
  }

  /** Names handlers that others have registered. */
  name(handlers: Readonly<Record<string, HandlerId>>): void {
    for (const [name, id] of Object.entries(handlers)) this.names[id] = this.prefix + name;
  }

  /** Something that happens every so often, for the first time one interval from now. */
  repeat(name: string, every: Micros, phase: Phase, action: () => void): void {
    const id = this.register(name, () => {
      this.kernel.after(every, phase, id);
      action();
    });
    this.kernel.after(every, phase, id);
  }
}
