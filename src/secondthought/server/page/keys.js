// The dialog that asks for an API key, on both pages.

import { key } from "./stream.js";

/** Ask until one is given. Resolves to true, or to false when the reader closes the dialog. */
export function askForKey() {
  const dialog = document.getElementById("key-dialog");
  const field = document.getElementById("key-field");
  const form = dialog.querySelector("form");
  field.value = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const secret = field.value.trim();
      if (!secret) return;
      key.set(secret);
      dialog.close("given");
    };
    dialog.onclose = () => resolve(dialog.returnValue === "given");
    dialog.returnValue = "";
    field.focus();
  });
}
