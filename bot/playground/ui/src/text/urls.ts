const TAIL = /[.,;:!?'"*_~\]}]+$/;

/** Where an address in running text ends: not with the comma after it, nor with a bracket that began before it. */
export function bareUrl(found: string): { href: string; rest: string } {
  let href = found.replace(TAIL, "");
  while (href.endsWith(")") && href.split(")").length > href.split("(").length) {
    href = href.slice(0, -1).replace(TAIL, "");
  }
  return { href, rest: found.slice(href.length) };
}
