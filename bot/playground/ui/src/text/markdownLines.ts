export const FENCE = /^(\s*)(`{3,}|~{3,})([^`]*)$/;
export const HEADING = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/;
export const QUOTE = /^ {0,3}>\s?/;
export const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
export const SETEXT = /^ {0,3}(=+|-{2,})\s*$/;
/** Indentation, sign, gap, text. */
export const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])(?:(\s+)(.*)|$)/;
export const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** How far a line is indented, in spaces; a tab counts four. */
export const indentOf = (line: string): number => /^\s*/.exec(line.replaceAll("\t", "    "))?.[0].length ?? 0;

/** Whether a line ends the paragraph before it. */
export const interrupts = (line: string): boolean =>
  FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || RULE.test(line) || ITEM.test(line);
