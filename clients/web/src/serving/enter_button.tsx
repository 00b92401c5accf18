/** What Enter presses, where another button would come first in a form: of the
 * form that it stands in, or of that with this id. */
export function EnterButton({ label, form }: { label: string; form?: string }) {
  return <button class="trap" tabIndex={-1} aria-hidden="true" form={form}>{label}</button>;
}
