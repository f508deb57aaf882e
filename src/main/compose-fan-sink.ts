/**
 * Where the frames of one camera stream go: to several sinks, in order; one that throws does not keep them from the others. Part of the
 * composition root.
 */
import type { CaptureSink, Fragment, StreamDescription } from './media/fragment.ts';
import type { Logger } from './platform/log.ts';

export class FanSink implements CaptureSink {
  private readonly sinks: CaptureSink[];
  private readonly log: Logger;
  private description: StreamDescription | null = null;

  constructor(sinks: readonly CaptureSink[], log: Logger) {
    this.sinks = [...sinks];
    this.log = log;
  }

  /** The sink is told of the stream that is running, and gets its fragments from now on. */
  add(sink: CaptureSink): void {
    this.sinks.push(sink);
    if (this.description) sink.stream(this.description);
  }

  remove(sink: CaptureSink): void {
    const index = this.sinks.indexOf(sink);
    if (index >= 0) this.sinks.splice(index, 1);
  }

  stream(description: StreamDescription): void {
    this.description = description;
    this.each((sink) => sink.stream(description));
  }

  fragment(fragment: Fragment): void {
    this.each((sink) => sink.fragment(fragment));
  }

  lost(...why: Parameters<CaptureSink['lost']>): void {
    this.description = null;
    this.each((sink) => sink.lost(...why));
  }

  private each(call: (sink: CaptureSink) => void): void {
    for (const sink of this.sinks) {
      try {
        call(sink);
      } catch (error) {
        this.log.error({ err: error }, 'a reader of a camera stream failed');
      }
    }
  }
}
