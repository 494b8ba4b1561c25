import { Distinct } from "./distinct";
import { EventTimes } from "./event-times";
import type { ContentReader, Findings } from "./file-profile";
import { signatureRefusal } from "./signature";
import { UnusableFile } from "./source-file";
import { type Tag, XmlReader } from "./xml-reader";

/** XML takes ten times as long as bytes do, and one chunk is one block of the event loop. */
const CHUNK_BYTES = 256 * 1024;
const SIGNATURE_BYTES = 512;

/** Reads an XES log: counts its traces, which are cases, and events; finds the activities and the time span. */
export class XesReader implements ContentReader {
  readonly slots: readonly [Buffer, Buffer] = [
    Buffer.allocUnsafeSlow(CHUNK_BYTES),
    Buffer.allocUnsafeSlow(CHUNK_BYTES),
  ];
  private readonly xml = new XmlReader("it", { open: (name, tag, depth) => this.open(name, tag, depth) });
  private readonly activities = new Distinct();
  private readonly times = new EventTimes();
  private traces = 0;
  private events = 0;
  private hasBegun = false;
  /** Of the event that is being read; deeper elements belong to it. */
  private eventDepth = Number.POSITIVE_INFINITY;

  push(chunk: Buffer): void {
    if (!this.hasBegun) {
      const refusal = signatureRefusal(chunk.subarray(0, SIGNATURE_BYTES));
      if (refusal) throw new UnusableFile(refusal);
      this.hasBegun = true;
    }
    for (let from = 0; from < chunk.length; from += CHUNK_BYTES)
      this.xml.push(chunk.subarray(from, from + CHUNK_BYTES));
  }

  end(): Findings {
    this.xml.end();
    const { firstEvent, lastEvent, warnings } = this.times.span();
    if (this.events === 0) warnings.push("it has no events");
    return {
      eventLog: {
        events: this.events,
        cases: this.traces,
        casesAreEstimated: false,
        activities: this.activities.count(),
        activitiesAreEstimated: this.activities.isEstimate,
        ...(firstEvent !== undefined && { firstEvent }),
        ...(lastEvent !== undefined && { lastEvent }),
      },
      warnings,
    };
  }

  close(): void {}

  private open(name: string, tag: Tag, depth: number): void {
    if (depth === 1 && name !== "log") {
      throw new UnusableFile(
        `its root is <${tag.name.slice(0, 60)}>, and that of an XES log is <log>. Export it again`,
      );
    }
    if (depth <= this.eventDepth) this.eventDepth = Number.POSITIVE_INFINITY;
    if (name === "trace" && depth === 2) this.traces++;
    else if (name === "event" && (depth === 2 || depth === 3)) {
      this.events++;
      this.eventDepth = depth;
    } else if (depth === this.eventDepth + 1) this.attribute(tag);
  }

  private attribute({ attributes }: Tag): void {
    const value = attributes["value"] ?? "";
    if (attributes["key"] === "concept:name") this.activities.addText(value);
    else if (attributes["key"] === "time:timestamp") {
      const text = Buffer.from(value, "latin1");
      this.times.add(text, text.length, this.xml.line);
    }
  }
}
