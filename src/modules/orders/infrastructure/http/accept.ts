/**
 * The type out of `offered` that an Accept header wants most; the first where it wants none of them, or says nothing.
 * A more specific range decides over a wider one, as RFC 9110 has it.
 */
export function preferred<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  const ranges = (accept ?? '*/*').split(',').map(range);
  const weights = offered.map((type) => {
    const fitting = ranges.filter(({ name }) => covers(name, type));
    return (
      fitting.sort((a, b) => b.name.replaceAll('*', '').length - a.name.replaceAll('*', '').length)[0]?.q ?? 0
    );
  });
  const best = Math.max(...weights);
  return best > 0 ? (offered[weights.indexOf(best)] ?? offered[0]) : offered[0];
}

function range(text: string): { name: string; q: number } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const q = weight === undefined ? 1 : Number(weight.slice(2));
  return { name, q: q >= 0 && q <= 1 ? q : 0 };
}

function covers(name: string, type: string): boolean {
  return name === '*/*' || name === type || (name.endsWith('/*') && type.startsWith(name.slice(0, -1)));
}
