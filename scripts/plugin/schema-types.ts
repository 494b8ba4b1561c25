import ts from "typescript";
import { INTEGERS } from "./schema-overlay";

/** TypeScript's types, read as those of Pulumi's schema. */

/** A type as Pulumi's schema writes it, with its description. */
export interface TypeSpec {
  type?: string;
  items?: TypeSpec;
  oneOf?: TypeSpec[];
  $ref?: string;
  description?: string;
}

/** A property of an interface or class. */
interface Member {
  name: string;
  isOptional: boolean;
  type: ts.TypeNode;
  docs: string | undefined;
}

const isInteger = (name: string) => (INTEGERS as readonly string[]).includes(name);

export class TypeReader {
  private readonly checker: ts.TypeChecker;
  private readonly nodes: ts.Node[];
  private readonly objects = new Map<string, object>();

  constructor(program: ts.Program) {
    this.checker = program.getTypeChecker();
    const own = program
      .getSourceFiles()
      .filter((file) => /\/provider\/(resources|functions|program)/.test(file.fileName));
    this.nodes = own.flatMap((file) => [...file.statements]);
  }

  /** The exported declaration of that name. */
  declaration<T extends ts.Node>(name: string, isKind: (node: ts.Node) => node is T): T {
    const found = this.nodes.filter(isKind).find((node) => ts.getNameOfDeclaration(node as never)?.getText() === name);
    if (found === undefined) throw new Error(`There is no declaration of ${name} in provider/.`);
    return found;
  }

  /** Properties of an interface, those it extends included, or the outputs of a resource's class. */
  membersOf(node: ts.InterfaceDeclaration | ts.ClassDeclaration): Member[] {
    if (ts.isClassDeclaration(node)) return node.members.filter(ts.isPropertyDeclaration).map(memberOf);
    return this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(node)).map(memberOfSymbol);
  }

  /** Arguments of a function: of all forms its one parameter can have. */
  argumentsOf(node: ts.FunctionDeclaration): Member[] {
    const [parameter] = node.parameters;
    if (parameter === undefined) return [];
    const type = this.checker.getTypeAtLocation(parameter);
    const forms = (type.isUnion() ? type.types : [type]).map((form) => this.checker.getPropertiesOfType(form));
    const members = new Map<string, Member>();
    for (const symbol of forms.flat()) {
      const member = memberOfSymbol(symbol);
      if (member.type.kind === ts.SyntaxKind.UndefinedKeyword) continue;
      const isEverywhere = forms.every((form) => form.some((other) => other.name === symbol.name && isPresent(other)));
      members.set(member.name, { ...member, isOptional: member.isOptional || !isEverywhere });
    }
    return [...members.values()];
  }

  /** What a function's Promise resolves to: properties of an object, or a list. */
  resultOf(node: ts.FunctionDeclaration): { properties: object; required: string[]; list?: TypeSpec } {
    const promised = node.type && ts.isTypeReferenceNode(node.type) ? node.type.typeArguments?.[0] : undefined;
    if (promised === undefined) throw new Error(`${node.name?.text} does not say what it resolves to.`);
    if (ts.isArrayTypeNode(promised)) return { properties: {}, required: [], list: this.typeOf(promised, "") };
    return this.objectOf(this.declaration(promised.getText(), ts.isInterfaceDeclaration));
  }

  specOf({ name, type, docs }: Member): TypeSpec {
    const choices = literalsOf(type).map((literal) => `\`${literal}\``);
    const oneOf = choices.length > 0 ? `One of ${choices.join(", ")}.` : undefined;
    const description = [docs, oneOf].filter((part) => part !== undefined).join("\n\n");
    return { ...this.typeOf(type, name), ...(description === "" ? {} : { description }) };
  }

  /** Object types met so far, by their tokens. */
  types(): object {
    return Object.fromEntries([...this.objects].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  private typeOf(node: ts.TypeNode, name: string): TypeSpec {
    if (ts.isUnionTypeNode(node)) return this.unionOf(node, name);
    if (ts.isParenthesizedTypeNode(node)) return this.typeOf(node.type, name);
    if (ts.isArrayTypeNode(node)) return { type: "array", items: this.typeOf(node.elementType, "") };
    if (ts.isTypeReferenceNode(node)) return this.referenceOf(node, name);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: "string" };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: "boolean" };
      case ts.SyntaxKind.NumberKeyword:
        return { type: isInteger(name) ? "integer" : "number" };
      case ts.SyntaxKind.UnknownKeyword:
        return { $ref: "pulumi.json#/Any" };
      default:
        throw new Error(`${name || "An item"} has the type ${node.getText()}, which has no form in a schema yet.`);
    }
  }

  /** Absent and null are one thing in a schema; which texts a property accepts is in its description. */
  private unionOf(node: ts.UnionTypeNode, name: string): TypeSpec {
    if (literalsOf(node).length > 0) return { type: "string" };
    const forms = node.types.filter((form) => !isNothing(form)).map((form) => this.typeOf(form, name));
    const [only] = forms;
    return only !== undefined && forms.length === 1 ? only : { oneOf: forms };
  }

  private referenceOf(node: ts.TypeReferenceNode, name: string): TypeSpec {
    const target = node.typeName.getText();
    const [inner] = node.typeArguments ?? [];
    if (inner !== undefined && /^pulumi\.(Input|Output|Unwrap)$/.test(target)) return this.typeOf(inner, name);
    if (target === "pulumi.asset.FileAsset") return { $ref: "pulumi.json#/Asset" };
    const token = `processmind:index:${target}`;
    if (!this.objects.has(token)) {
      const declared = this.declaration(target, ts.isInterfaceDeclaration);
      this.objects.set(token, {});
      this.objects.set(token, { description: readDocs(declared), type: "object", ...this.objectOf(declared) });
    }
    return { $ref: `#/types/${token}` };
  }

  private objectOf(node: ts.InterfaceDeclaration): { properties: object; required: string[] } {
    const members = this.membersOf(node);
    return {
      properties: Object.fromEntries(members.map((member) => [member.name, this.specOf(member)])),
      required: members.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
    };
  }
}

/** A declaration's comment: the text, without its examples, and the default. */
export function readDocs(node: ts.Node): string | undefined {
  const parts = ts.getJSDocCommentsAndTags(node).flatMap((doc) => {
    if (!ts.isJSDoc(doc)) return [];
    const defaults = (doc.tags ?? []).filter((tag) => tag.tagName.text === "defaultValue");
    return [textOf(doc.comment), ...defaults.map((tag) => `Default: ${textOf(tag.comment)}.`.replace(/\.\.$/, "."))];
  });
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text === "" ? undefined : text;
}

/** Links become code: other languages have other names for their targets' pages. */
function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  if (comment === undefined || typeof comment === "string") return comment ?? "";
  return comment
    .map((part) => (ts.isJSDocLink(part) ? `\`${part.name?.getText() ?? ""}${part.text}\`` : part.text))
    .join("");
}

function memberOf(node: ts.PropertyDeclaration | ts.PropertySignature): Member {
  if (node.type === undefined) throw new Error(`${node.name.getText()} has no type.`);
  const isOptional = node.questionToken !== undefined || mayBeUndefined(node.type);
  return { name: node.name.getText(), isOptional, type: node.type, docs: readDocs(node) };
}

function memberOfSymbol(symbol: ts.Symbol): Member {
  // A property of several forms has a declaration in each; those that forbid it have the type undefined.
  const declarations = (symbol.declarations ?? []).filter(ts.isPropertySignature);
  const [first] = declarations;
  const told = declarations.find(({ type }) => type?.kind !== ts.SyntaxKind.UndefinedKeyword) ?? first;
  if (told === undefined) throw new Error(`${symbol.name} is not declared as a property.`);
  return memberOf(told);
}

function isPresent(symbol: ts.Symbol): boolean {
  return !memberOfSymbol(symbol).isOptional;
}

function mayBeUndefined(node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node)) return node.types.some(isNothing);
  if (!ts.isTypeReferenceNode(node) || node.typeName.getText() !== "pulumi.Output") return false;
  const [inner] = node.typeArguments ?? [];
  return inner !== undefined && mayBeUndefined(inner);
}

function isNothing(node: ts.TypeNode): boolean {
  const isNull = ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword;
  return isNull || node.kind === ts.SyntaxKind.UndefinedKeyword;
}

/** The texts a property is limited to; none where it is not. */
function literalsOf(node: ts.TypeNode): string[] {
  if (ts.isTypeReferenceNode(node)) return (node.typeArguments ?? []).flatMap(literalsOf);
  if (!ts.isUnionTypeNode(node)) return [];
  const forms = node.types.filter((form) => !isNothing(form));
  const texts = forms.flatMap((form) =>
    ts.isLiteralTypeNode(form) && ts.isStringLiteral(form.literal) ? [form.literal.text] : [],
  );
  return texts.length === forms.length ? texts : [];
}
