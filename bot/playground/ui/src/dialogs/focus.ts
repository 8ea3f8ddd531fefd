import { type RefObject, useLayoutEffect } from "react";

/** Remember where the focus is; gives what puts it there again, or on the message that it was in. */
export function keptFocus(): () => void {
  const from = document.activeElement as HTMLElement | null;
  const article = from?.closest<HTMLElement>("article");
  return () => {
    from?.focus({ preventScroll: true });
    if (document.activeElement === from || !article) return;
    // the tools of a message are drawn only while the focus, or the pointer, is in it
    article.focus({ preventScroll: true });
    from?.focus({ preventScroll: true });
  };
}

/** Show a dialog for as long as it is drawn, and put the focus back afterwards. */
export function useShown(dialog: RefObject<HTMLDialogElement | null>): void {
  // in the layout phase, so that this happens before the dialog is taken away
  useLayoutEffect(() => {
    const node = dialog.current;
    const back = keptFocus();
    node?.showModal();
    return () => {
      node?.close();
      back();
    };
  }, [dialog]);
}
