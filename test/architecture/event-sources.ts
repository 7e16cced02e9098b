import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** One event type as its source says it. */
export type EventType = Readonly<{ type: string; meaning: string; fields: readonly Field[] }>;
export type Field = Readonly<{ name: string; type: string; meaning: string }>;
/** A named type that fields are made of. Without fields it is a choice, told by `type`. */
export type Shape = Readonly<{ name: string; meaning: string; type: string; fields: readonly Field[] }>;

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Reads event unions out of the sources, with what their comments say. */
export class EventSources {
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;

  constructor(files: readonly string[]) {
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      noEmit: true,
      types: [],
    };
    this.program = ts.createProgram(
      files.map((file) => src + file),
      options,
    );
    this.checker = this.program.getTypeChecker();
  }

  /** The members of `export type OrderEvent = | { type: 'OrderOpened'; data: … } | …`, in their order; of unions in it too. */
  events(file: string, union: string): readonly EventType[] {
    const { type } = this.alias(file, union);
    const members = ts.isUnionTypeNode(type) ? type.types : [type];
    return members.flatMap((member) => {
      const inner = ts.isTypeReferenceNode(member) && this.find(file, member.typeName.getText());
      if (inner) return this.events(file, inner.name.text);
      const told = this.checker.getTypeFromTypeNode(member);
      const name = told.getProperty('type');
      const data = told.getProperty('data');
      const named = name && this.checker.getTypeOfSymbol(name);
      if (!named?.isStringLiteral() || !data) throw new Error(`${union} has a member that is no event`);
      const fields = this.fieldsOf(this.checker.getTypeOfSymbol(data));
      return [{ type: named.value, meaning: commentBefore(member), fields }];
    });
  }

  /** The named types of ours that these fields are made of, and those that they are made of in turn. */
  shapes(file: string, fields: readonly Field[], known = new Map<string, Shape>()): readonly Shape[] {
    for (const name of fields.flatMap(({ type }) => type.match(/\b[A-Z]\w+/g) ?? [])) {
      if (known.has(name)) continue;
      const alias = this.find(file, name);
      if (!alias) continue;
      const { type } = alias;
      const isChoice = ts.isUnionTypeNode(type);
      const members = isChoice ? [] : this.fieldsOf(this.checker.getTypeFromTypeNode(type));
      known.set(name, { name, meaning: docOf(alias), type: text(type), fields: members });
      const parts = isChoice ? [{ name, type: text(type), meaning: '' }] : members;
      this.shapes(alias.getSourceFile().fileName, parts, known);
    }
    return [...known.values()];
  }

  private fieldsOf(type: ts.Type): readonly Field[] {
    return type.getProperties().map((property) => {
      const declared = property.valueDeclaration ?? property.declarations?.[0];
      const written = declared && ts.isPropertySignature(declared) ? declared.type : undefined;
      const said = ts.displayPartsToString(property.getDocumentationComment(this.checker));
      const told = written
        ? text(written)
        : this.checker.typeToString(this.checker.getTypeOfSymbol(property), undefined);
      return { name: property.name, type: told, meaning: said.replace(/\s+/g, ' ') };
    });
  }

  private alias(file: string, name: string): ts.TypeAliasDeclaration {
    const found = this.find(src + file, name);
    if (!found) throw new Error(`${file} has no type ${name}`);
    return found;
  }

  /** A type of ours by its name in a file, wherever it was imported from; ids, currencies and scopes are plain text. */
  private find(file: string, name: string): ts.TypeAliasDeclaration | undefined {
    const source = this.program.getSourceFile(file.startsWith('/') ? file : src + file);
    const symbols = source
      ? this.checker.getSymbolsInScope(source, ts.SymbolFlags.Type | ts.SymbolFlags.Alias)
      : [];
    const symbol = symbols.find((one) => one.name === name);
    if (!symbol) return undefined;
    const real = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const declared = real.declarations?.find(ts.isTypeAliasDeclaration);
    if (!declared?.getSourceFile().fileName.startsWith(src)) return undefined;
    return /\/(ids|currency|scope)\.ts$/.test(declared.getSourceFile().fileName) ? undefined : declared;
  }
}

/** A type as it is written, on one line and without `Readonly`. */
function text(node: ts.Node): string {
  const flat = node
    .getText()
    .replace(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '');
  return flat
    .replace(/Readonly<(\{[^{}]*\})>/g, '$1')
    .replace(/Readonly<(Record<[^<>]*>)>/g, '$1')
    .replace(/\breadonly /g, '')
    .replace(/; \}/g, ' }');
}

/** The comment right before a member of a union. */
function commentBefore(node: ts.Node): string {
  const before = node.getSourceFile().text.slice(0, node.getStart());
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\|?\s*$/.exec(before) ?? [];
  return comment
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function docOf(node: ts.Node): string {
  const said = ts.getJSDocCommentsAndTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  return said.join(' ').replace(/\s+/g, ' ').trim();
}
