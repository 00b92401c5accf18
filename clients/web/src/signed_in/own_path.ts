const OWN_PATH = /^\/(?:en|ka|pl|cs)(?:\/[\w.~%/-]*)?(?:\?[\w.~%&=+-]*)?$/;

const LONGEST = 300;

/** The address of a page of ours, to which somebody goes after signing in;
 * undefined for anything else, such as another site. */
export function ownPath(text: string): string | undefined {
  return text.length <= LONGEST && OWN_PATH.test(text) ? text : undefined;
}
