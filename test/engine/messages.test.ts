import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { commandLine as emulatorCommandLine } from "../../emulator/cli";
import { commandLine as engineCommandLine } from "../../engine/cli";
import { cutShortText, SaveFailure, unsavedText } from "../../engine/deployment/unsaved";
import type { ResourceState } from "../../engine/model";
import { WriteError } from "../../engine/whole-file";

/**
 * Every message of the engine's and of the emulator's own, as their sources write it: a value of which nothing is known
 * counts as an id of 36 characters, one that `quoted` cuts as its longest.
 */

const ID = "3f2a6c1e-8b4d-4f6a-9c0e-5d7b1a2c3e4f";
const DEFAULT_QUOTED = 60;
const [MOST_FIRST, MOST_OPTION, MOST_OPTIONS, MOST_MEDIAN] = [160, 120, 3, 110];
/** Words of the glossary that are not to be used, and what is. */
const OLD_WORDS: readonly [RegExp, string][] = [
  [/\b(tells?|told)\b/i, "report, show, return, log"],
  [/\bway out\b/i, "option, fix"],
  [/\banother than\b/i, "different from"],
  [/\bgone\b/i, "deleted"],
  [/\btaken over\b/i, "adopted"],
  [/\bspellings?\b/i, "normalization"],
  [/\bblanks?\b/i, "whitespace"],
  [/\brefus(e|es|ed|al)\b/i, "reject"],
  [/\bat once\b/i, "immediately, at the same time"],
  [/\bis no (error|change|text|regular)\b/i, "is not"],
];

/** A value that users of the emulator write, `deleteFolderWithChildren: "refuse"`. */
const VALUE_OF_A_SWITCH = /"refuse"/;

const ROOT = path.resolve(__dirname, "../..");
const sources = ["engine", "emulator"].flatMap((room) =>
  fs
    .readdirSync(path.join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("dist"))
    .map((name) => path.join(ROOT, room, name)),
);

interface Message {
  place: string;
  sentence: string;
  options: string[];
}

function nodesOf(file: string): ts.Node[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const all: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    all.push(node);
    node.forEachChild(visit);
  };
  visit(source);
  return all;
}

/** The text of an expression. */
function textOf(node: ts.Expression | undefined): string {
  if (node === undefined) return "";
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => textOf(span.expression) + span.literal.text).join("");
  }
  if (ts.isConditionalExpression(node)) return longest([textOf(node.whenTrue), textOf(node.whenFalse)]);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textOf(node.left) + textOf(node.right);
  }
  if (ts.isCallExpression(node) && node.expression.getText() === "quoted") {
    const [, most] = node.arguments;
    return "q".repeat(most ? Number(most.getText()) : DEFAULT_QUOTED);
  }
  return ID;
}

/** The options that an argument lists; a constant of the same file is looked up. */
function optionsOf(node: ts.Expression | undefined, all: ts.Node[]): string[] {
  if (node === undefined) return [];
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(textOf);
  if (ts.isConditionalExpression(node)) return optionsOf(node.whenTrue, all);
  const named = all.find(
    (each): each is ts.VariableDeclaration =>
      ts.isVariableDeclaration(each) && each.name.getText() === node.getText() && each.initializer !== undefined,
  );
  return named ? optionsOf(named.initializer, all) : [];
}

function longest(texts: string[]): string {
  return texts.reduce((found, text) => (text.length > found.length ? text : found), "");
}

/** What is passed on is written where it is made. */
const isForwarded = (node: ts.Expression | undefined) => node !== undefined && ts.isIdentifier(node);

function messagesIn(file: string): Message[] {
  const all = nodesOf(file);
  return all.flatMap((node): Message[] => {
    const place = () =>
      `${path.relative(ROOT, file)}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const [first, second] = node.arguments ?? [];
      const name = node.expression.getText();
      if (isForwarded(first)) return [];
      if (["UserError", "EmulatorError", "messageText"].includes(name)) {
        return [{ place: place(), sentence: textOf(first), options: optionsOf(second, all) }];
      }
      if (name === "RequestError") return [{ place: place(), sentence: textOf(second), options: [] }];
      return [];
    }
    // What the emulator's servers reply.
    const isReply = ts.isPropertyAssignment(node) && node.name.getText() === "message" && file.includes("emulator");
    if (!isReply || !(ts.isStringLiteralLike(node.initializer) || ts.isTemplateExpression(node.initializer))) return [];
    return [{ place: place(), sentence: textOf(node.initializer), options: [] }];
  });
}

const messages = sources.flatMap(messagesIn);

function oldWordsIn(text: string): string[] {
  return OLD_WORDS.filter(([word]) => word.test(text)).map(([word, use]) => `${text}: ${word.source}, use ${use}`);
}

describe("a message of the engine or the emulator", () => {
  it("is found where the sources make one", () => {
    const places = new Set(messages.map(({ place }) => place.split("/")[0]));
    expect([...places].sort()).toEqual(["emulator", "engine"]);
    expect(messages.length).toBeGreaterThan(80);
  });

  it.each(messages.map((message): [string, Message] => [message.place, message]))(
    "%s has one short line and at most three options",
    (_place, { sentence, options }) => {
      expect(sentence).not.toMatch(/[\r\n]/);
      expect(sentence.length).toBeLessThanOrEqual(MOST_FIRST);
      expect(options.length).toBeLessThanOrEqual(MOST_OPTIONS);
      for (const option of options) {
        expect(option).not.toMatch(/[\r\n]|^ *-|\.$/);
        expect(option.length).toBeLessThanOrEqual(MOST_OPTION);
      }
    },
  );

  it("is short in the median", () => {
    const lengths = messages.map(({ sentence }) => sentence.length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MOST_MEDIAN);
  });

  it("and every other text, comment and name keeps to the glossary", () => {
    const lines = sources.flatMap((file) => fs.readFileSync(file, "utf8").split("\n"));
    expect(lines.filter((line) => !VALUE_OF_A_SWITCH.test(line)).flatMap(oldWordsIn)).toEqual([]);
  });
});

describe("a report of several lines", () => {
  const resource = (name: string): ResourceState => ({
    urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:Datatable::${name}`,
    type: "pulumi-nodejs:dynamic/processmind:Datatable",
    custom: true,
    id: `${ID}/${ID}`,
    inputs: {},
    outputs: {},
  });
  const failure = new SaveFailure("cannot write", {
    cause: new WriteError("/work/shop/.pulumi-offline/stacks/shop/dev.json", new Error("no space left on device")),
  });
  const wanted = { resources: [resource("orders"), resource("items")], pendingOperations: [] };
  const saved = {
    resources: [{ ...resource("items"), outputs: { rows: 1 } }],
    pendingOperations: [{ type: "creating" as const, resource: resource("orders") }],
  };

  it.each([
    ["an unsaved state", unsavedText({ failure, changes: { create: 1, update: 1 }, saved, wanted })],
    ["a run that was cut short", `update ${cutShortText(saved.pendingOperations)}`],
  ])("of %s begins with a short line and ends with at most three options", (_what, text) => {
    const [first = "", ...rest] = text.split("\n");
    expect(first.length).toBeLessThanOrEqual(MOST_FIRST);
    const options = rest.filter((line) => line.startsWith("  - "));
    expect(options.length).toBeLessThanOrEqual(MOST_OPTIONS);
    expect(rest.slice(rest.length - options.length)).toEqual(options);
    for (const option of options) expect(option.length - "  - ".length).toBeLessThanOrEqual(MOST_OPTION);
    expect(oldWordsIn(text)).toEqual([]);
  });
});

describe("a help text", () => {
  const silent = { write: () => undefined };
  const engine = engineCommandLine(async () => undefined, { stdout: silent, stderr: silent });
  const commands = [engine, ...engine.commands.flatMap((command) => [command, ...command.commands])];

  it.each([
    ["processmind-emulator", emulatorCommandLine().helpInformation()],
    ...commands.map((command): [string, string] => [command.name(), command.helpInformation()]),
  ])("of %s fits a line of 120 characters and keeps to the glossary", (name, text) => {
    expect(text).toContain(`Usage: `);
    expect(text).toContain(name);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(MOST_OPTION);
    expect(oldWordsIn(text)).toEqual([]);
  });
});
