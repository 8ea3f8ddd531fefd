import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { control } from "../api/control";
import type { Submitted, Taken, View } from "../api/types";
import type { Acting, Suggested } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { Form, FormContext } from "../blocks/form";
import { upload } from "../state/files";
import { act, tellUnlessAcked, toast, useStore, viewer } from "../state/store";
import { useShown } from "./focus";

const FIELDS = ".content :is(input:not([type=hidden]), textarea, select)";
const isTouch = () => matchMedia("(pointer: coarse)").matches;

function actingOn(view: View): Acting {
  const at = { view_id: view.id };
  return {
    act: async (block, element, value) => {
      const where = { ...at, block_id: block.block_id, action_id: element.action_id };
      tellUnlessAcked(await act<Taken>("act", { ...where, value }), view.app_id);
    },
    suggest: async (block, element, typed) => {
      const where = { ...at, block_id: block.block_id, action_id: element.action_id };
      return (await act<Suggested>("suggest", { ...where, typed })) ?? { options: [], error: "not reachable" };
    },
    upload,
  };
}

/** Submit a form; gives what went wrong, in words, or null. */
async function submit(view: View, form: Form): Promise<string | null> {
  try {
    const body = { user: viewer(), view_id: view.id, values: form.values() };
    const { error } = await control<Submitted>("submit", body);
    return error ? `We had some trouble connecting. Try again? (${error})` : null;
  } catch (error) {
    return `That did not work: ${(error as Error).message}`;
  }
}

const close = (view: View) => void act("close_view", { view_id: view.id });

function useFocus(dialog: React.RefObject<HTMLDialogElement | null>, view: View) {
  const { id, errors } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its first field
  useEffect(() => {
    const node = dialog.current;
    const wanted =
      node?.querySelector<HTMLElement>("[data-first] :is(input, textarea)") ?? node?.querySelector<HTMLElement>(FIELDS);
    if (wanted && !isTouch()) wanted.focus({ preventScroll: true });
    else node?.querySelector<HTMLElement>(".content")?.focus({ preventScroll: true });
  }, [id, dialog]);
  useEffect(() => {
    if (!Object.keys(errors).length) return;
    const wrong = dialog.current?.querySelector<HTMLElement>(".field.wrong");
    wrong?.scrollIntoView?.({ block: "center" });
    wrong?.querySelector<HTMLElement>("input, textarea, select")?.focus({ preventScroll: true });
  }, [errors, dialog]);
}

function Footer({ view, busy }: { view: View; busy: boolean }) {
  return (
    <footer>
      <button type="button" className="btn" onClick={() => close(view)}>
        {view.close || "Close"}
      </button>
      {view.submit ? (
        <button type="submit" className="btn primary" aria-disabled={busy || undefined} aria-busy={busy || undefined}>
          {view.submit}
        </button>
      ) : null}
    </footer>
  );
}

function Modal({ view, form, below }: { view: View; form: Form; below: View | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const focused = useRef<HTMLElement | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const said = useStore((now) => now.toast);
  const { id, app_id } = view;
  const acting = useMemo(() => actingOn({ id, app_id } as View), [id, app_id]);

  useShown(dialog);
  useLayoutEffect(() => toast(null), []);
  useFocus(dialog, view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the app has changed the view, some fields may be gone
  useEffect(() => form.prune(), [form, view.hash]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was wrong with a view is not wrong with the next
  useEffect(() => setTrouble(null), [view.id, view.hash]);

  async function send() {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    setTrouble(await submit(view, form));
    setBusy(false);
  }
  return (
    <dialog
      ref={dialog}
      className="dialog modal"
      aria-labelledby="modal-title"
      aria-busy={busy || undefined}
      onCancel={(event) => {
        event.preventDefault();
        focused.current = document.activeElement as HTMLElement | null;
        close(view);
      }}
      onClose={() => {
        // Chrome closes a dialog after repeated Escapes, but this one is there until the server takes it away
        if (!dialog.current || dialog.current.open) return;
        dialog.current.showModal();
        focused.current?.focus({ preventScroll: true });
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <header>
          {below ? (
            <button type="button" className="icon" aria-label={`Back to ${below.title}`} onClick={() => close(view)}>
              ←
            </button>
          ) : null}
          <h2 id="modal-title" className="grow">
            {view.title}
          </h2>
          <button type="button" className="icon" aria-label="Close" onClick={() => close(view)}>
            ✕
          </button>
        </header>
        <FormContext value={form}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section key={view.id} className="content body" tabIndex={0} aria-labelledby="modal-title">
            <Blocks blocks={view.blocks} acting={acting} values={view.values} errors={view.errors} />
          </section>
        </FormContext>
        {trouble || said ? (
          <p className="trouble" role="alert">
            {trouble ?? said}
          </p>
        ) : null}
        <Footer view={view} busy={busy} />
      </form>
    </dialog>
  );
}

/** The modals before this person: the topmost is shown, and what stands in those below it is kept. */
export function Modals() {
  const modals = useStore((now) => now.screen.modals);
  const forms = useRef(new Map<string, Form>());
  for (const id of forms.current.keys()) if (!modals.some((view) => view.id === id)) forms.current.delete(id);
  const top = modals.at(-1);
  if (!top) return null;
  let form = forms.current.get(top.id);
  if (!form) {
    form = new Form();
    forms.current.set(top.id, form);
  }
  return <Modal view={top} form={form} below={modals.at(-2)} />;
}
