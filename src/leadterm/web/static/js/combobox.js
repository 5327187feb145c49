// The combobox of the ARIA Authoring Practices (list autocomplete, manual selection): focus stays in the field,
// aria-activedescendant names the marked option. The server sends the options, htmx puts them in the list.

import { say } from "./said.js";

export const options = (list) => [...list.querySelectorAll('[role="option"]')];

export class Combobox {
  constructor(form) {
    this.input = form.querySelector('[role="combobox"]');
    this.list = form.querySelector('[role="listbox"]');
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.left());
    this.input.addEventListener("input", () => this.input.value.trim() || this.close());
    // What is marked stays marked when a later answer still has it.
    this.list.addEventListener("htmx:beforeSwap", () => (this.kept = this.named(this.marked())));
    this.list.addEventListener("htmx:afterSwap", () => this.arrived());
    // Before the field loses focus, which would close the list under the pointer.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.open(event.target.closest('[role="option"]')));
  }

  arrived() {
    const count = options(this.list).length;
    const wanted = document.activeElement === this.input && this.input.value.trim();
    if (count && wanted) this.show();
    else this.close();
    if (this.kept) this.mark(options(this.list).find((option) => this.named(option) === this.kept) ?? null);
    say(wanted ? (count ? `${count} suggestions` : "No suggestions") : "");
  }

  show() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(null);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(null);
  }

  mark(option) {
    for (const each of options(this.list)) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  marked() {
    return this.list.hidden ? null : this.list.querySelector('[aria-selected="true"]');
  }

  step(by) {
    const all = options(this.list);
    if (!all.length) return;
    if (this.list.hidden) this.show();
    const at = all.indexOf(this.marked());
    // One place beyond each end stands for the field itself, so that what was typed can be sent.
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    this.mark(all[next] ?? null);
  }

  left() {
    this.close();
  }

  named(option) {
    return option?.dataset.href;
  }

  open(option) {
    if (option) window.location.assign(option.dataset.href);
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.marked()) {
      event.preventDefault();
      this.open(this.marked());
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.list.hidden) this.close();
      else if (this.input.value) this.input.value = "";
      else this.input.blur();
    }
  }
}

export function watchComboboxes() {
  for (const form of document.querySelectorAll("[data-combobox]")) new Combobox(form);
}
