import type { WorkFolder } from "./work-folder";

/** One stage of the tour: something a user does, and what must come of it. */
export interface Stage {
  heading: string;
  /** What to look at, before the output. */
  about: string;
  /** What a user would do in an editor first. */
  change?: { description: string; make(folder: WorkFolder): void };
  /** A script of the example to run first. */
  script?: string[];
  /** The engine's command. */
  command: string[];
  expected: Expectation;
}

/** What must be true after a stage's command. */
export interface Expectation {
  /** Whether the command succeeds; a rejection fails. */
  succeeds: boolean;
  prints: RegExp[];
  /** The methods of all requests that may change something, in order. */
  writes: string[];
  /** Rows of each table in the tenant, afterwards. */
  tables: number[];
}

const APPENDED = 320;
const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];

const DISPLAY_NAMES = /displayName: "(Sales|Orders)",/g;

/** The life of examples/quickstart, whose file has `rows` rows. */
export function quickstartStages(rows: number): Stage[] {
  return [...fromNothing(rows), ...withChanges(rows, rows + APPENDED), ...toNothing(rows + APPENDED)];
}

function fromNothing(rows: number): Stage[] {
  return [
    {
      heading: "Preview: what would be created",
      about: "A dataset, a datatable and an upload, and Pulumi's entry for the stack. Nothing is sent.",
      command: ["preview"],
      expected: { succeeds: true, prints: [/\+ 4 to create/], writes: [], tables: [] },
    },
    {
      heading: "Up: create it",
      about: `The file goes to storage through a presigned URL. ProcessMind reads ${rows} rows from it.`,
      command: UP,
      expected: { succeeds: true, prints: [/\+ 4 created/], writes: ["POST", "POST", "PUT"], tables: [rows] },
    },
    {
      heading: "Preview again: nothing to do",
      about: "The second run of an unchanged program is empty.",
      command: ["preview", "--expect-no-changes"],
      expected: { succeeds: true, prints: [/ 4 unchanged/], writes: [], tables: [rows] },
    },
  ];
}

function withChanges(rows: number, more: number): Stage[] {
  return [
    {
      heading: "File touched, same content: nothing to do",
      about: "The SHA-256 of the content decides, not the time and not the path.",
      change: { description: "touch data/orders.csv", make: (folder) => folder.touch("data/orders.csv") },
      command: ["preview", "--expect-no-changes"],
      expected: { succeeds: true, prints: [/ 4 unchanged/], writes: [], tables: [rows] },
    },
    {
      heading: `${APPENDED} rows appended: one update`,
      about: "What happens to the data, old => new, before anything is sent. No cell value is shown.",
      script: ["generate.ts", "--append", String(APPENDED)],
      command: ["preview", "--diff"],
      expected: {
        succeeds: true,
        prints: [/~ 1 to update/, /change .*=> "appended 320 rows, all earlier bytes unchanged"/, /rows .*=> \d+/],
        writes: [],
        tables: [rows],
      },
    },
    {
      heading: "Up: send the new file",
      about: "One PUT, and nothing else.",
      command: UP,
      expected: { succeeds: true, prints: [/~ 1 updated/, / 3 unchanged/], writes: ["PUT"], tables: [more] },
    },
    {
      heading: "Rename: rejected in the preview",
      about:
        "ProcessMind's API has no rename. A new dataset would lose the data, so the preview fails and names the options.",
      change: {
        description: 'index.ts: displayName: "Sales" becomes "Sales Europe"',
        make: (folder) => folder.edit("index.ts", /"Sales"/, '"Sales Europe"'),
      },
      command: ["preview"],
      expected: {
        succeeds: false,
        prints: [/ProcessMind's API cannot rename a dataset/, /pulumi refresh/, /forceDestroy/],
        writes: [],
        tables: [more],
      },
    },
  ];
}

function toNothing(rows: number): Stage[] {
  return [
    {
      heading: "Destroy: rejected, rows would be lost",
      about: "The upload leaves the stack, which deletes no data. The table with its rows stays.",
      change: {
        description: 'index.ts: displayName: "Sales Europe" becomes "Sales" again',
        make: (folder) => folder.edit("index.ts", /"Sales Europe"/, '"Sales"'),
      },
      command: DESTROY,
      expected: { succeeds: false, prints: [/DATA_WOULD_BE_LOST/, /forceDestroy/], writes: [], tables: [rows] },
    },
    {
      heading: "forceDestroy: allow the deletion",
      about:
        "It counts once it is in the state. The upload, which left the stack above, is recorded again. Nothing is sent.",
      change: {
        description:
          'index.ts: forceDestroy: true for the dataset and the datatable, whenTableHasRows: "skip" for the upload',
        make: (folder) => {
          folder.edit("index.ts", DISPLAY_NAMES, "$&\n  forceDestroy: true,");
          folder.edit("index.ts", /source: .*,/, '$&\n  whenTableHasRows: "skip",');
        },
      },
      command: UP,
      expected: { succeeds: true, prints: [/\+ 1 created/, /~ 2 updated/], writes: [], tables: [rows] },
    },
    {
      heading: "Destroy: now it succeeds",
      about:
        "ProcessMind documents no deletion of a single datatable, hence the warning: the table is deleted with its dataset.",
      command: DESTROY,
      expected: { succeeds: true, prints: [/- 4 deleted/], writes: ["DELETE", "DELETE"], tables: [] },
    },
  ];
}
