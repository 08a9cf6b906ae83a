/* Comfort on top of pages that work without it. Plain modules and custom elements, no dependency. */

/** A number with two buttons; the buttons are hidden until this runs. */
class Stepper extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.buttons = [...this.querySelectorAll("button")];
    for (const button of this.buttons) {
      button.hidden = false;
      button.addEventListener("click", () => this.step(Number(button.value)));
    }
    this.input.addEventListener("input", () => this.limit());
    this.limit();
  }

  step(by) {
    if (by > 0) this.input.stepUp();
    else this.input.stepDown();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  limit() {
    const { value, min, max } = this.input;
    for (const button of this.buttons) {
      const end = Number(button.value) > 0 ? max : min;
      button.disabled = value !== "" && end !== "" && value === end;
    }
  }
}

/** Three steppers, low, best and high: moving one past another takes that one along. */
class Estimate extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.keepOrder(event.target));
  }

  keepOrder(moved) {
    const inputs = [...this.querySelectorAll("input[type=number]")];
    const place = inputs.indexOf(moved);
    if (place < 0 || moved.value === "") return;
    inputs.forEach((input, other) => {
      if (input.value === "" || other === place) return;
      const wrong = other > place ? Number(input.value) < Number(moved.value)
        : Number(input.value) > Number(moved.value);
      if (!wrong) return;
      input.value = moved.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

customElements.define("mw-stepper", Stepper);
customElements.define("mw-estimate", Estimate);

/** Several estimates about the same households: says at once when they are more than live there. */
class Together extends HTMLElement {
  connectedCallback() {
    this.told = this.querySelector("[data-together]");
    this.addEventListener("input", () => this.add());
    this.add();
  }

  add() {
    const likely = [...this.querySelectorAll(".stepper-best input")];
    const sum = likely.reduce((total, input) => total + Number(input.value), 0);
    this.told.hidden = sum <= Number(this.dataset.most);
  }
}

customElements.define("mw-together", Together);

/** `/` goes to the search box, as its hint says. */
function focusSearch(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** The menu of a phone is a place on the page; Escape and its cross close it, the focus returns. */
function closeMenu(event) {
  if (event.key === "Escape" && location.hash === "#menu") document.querySelector("[data-menu-close]")?.click();
}

function followMenu(event) {
  const wasOpen = event && new URL(event.oldURL).hash === "#menu";
  if (location.hash === "#menu") document.querySelector("[data-menu-close]")?.focus();
  else if (wasOpen) document.querySelector("[data-menu-open]")?.focus();
}

/** A form that asks for it is sent as soon as a choice is made; its button stays for the others. */
function submitOnChoice(event) {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form && event.target.matches("input[type=radio], input[type=checkbox], select")) form.requestSubmit();
}

/** After a refused form the list of what is wrong is the first thing to read. */
function focusErrors(root) {
  root.querySelector("[data-errors]")?.focus();
}

document.addEventListener("keydown", focusSearch);
document.addEventListener("keydown", closeMenu);
document.addEventListener("change", submitOnChoice);
window.addEventListener("hashchange", followMenu);
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
focusErrors(document);

/** Buttons that print the page; hidden until this runs. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** At the table: a key does what the first thing that bears it does. Typing is left alone. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (!document.querySelector(".wk-table")) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  found.focus();
  found.click();
});
