"use strict";

// The fields of a worksheet in a form: how each reads as the text of a response, and what of it a student handles by hand.
// `changed(field)` is told of every change, `say(text)` shows a line of news.
function quizgenFields(form, changed, say) {
  const fields = [...form.querySelectorAll("[data-field]")];
  const progress = document.getElementById("progress");

  const controls = (field, selector) => [...field.querySelectorAll(selector)];
  const typed = (field) => field.querySelector("input, textarea, select");

  // How each kind of field reads as the text of a response, and how that text is put back (false: it does not fit).
  const labelled = (field) => controls(field, "select[data-label]");
  const kinds = {
    one: {
      read: (field) => controls(field, "input:checked").map((input) => input.value).join(" "),
      write: (field, text) => choose(field, text === "" ? [] : [text]),
    },
    many: {
      read: (field) => controls(field, "input:checked").map((input) => input.value).join(" "),
      write: (field, text) => choose(field, text.split(/\s+/).filter(Boolean)),
    },
    number: plain(),
    text: plain(),
    essay: plain(),
    select: {
      read: (field) => typed(field).value,
      write: (field, text) => pick(typed(field), text),
    },
    arrange: {
      read: (field) => {
        const selects = labelled(field);
        if (selects.every((select) => select.value === "")) return "";
        return selects
          .map((_, place) => selects.find((select) => select.value === String(place + 1)))
          .map((select) => (select ? select.dataset.label : "?"))
          .join(" ");
      },
      write: (field, text) => {
        const labels = text.split(/\s+/).filter(Boolean);
        const selects = labelled(field);
        for (const select of selects) {
          const place = labels.indexOf(select.dataset.label);
          select.value = place < 0 ? "" : String(place + 1);
        }
        return labels.every((label) => label === "?" || selects.some((select) => select.dataset.label === label));
      },
    },
    match: {
      read: (field) =>
        labelled(field)
          .filter((select) => select.value !== "")
          .map((select) => `${select.dataset.label}-${select.value}`)
          .join(" "),
      write: (field, text) => {
        const pairs = new Map(text.split(/\s+/).filter(Boolean).map((pair) => pair.split("-")));
        const fits = labelled(field).map((select) => {
          const right = pairs.get(select.dataset.label) || "";
          pairs.delete(select.dataset.label);
          return pick(select, right);
        });
        return fits.every(Boolean) && pairs.size === 0;
      },
    },
    distribution: {
      read: (field) => {
        const shares = controls(field, "input").map((input) => input.value.trim());
        return shares.some(Boolean) ? shares.join("; ") : "";
      },
      write: (field, text) => {
        const inputs = controls(field, "input");
        const shares = text === "" ? [] : text.split(";").map((share) => share.trim());
        inputs.forEach((input, index) => { input.value = shares[index] || ""; });
        return shares.length <= inputs.length;
      },
    },
  };

  function plain() {
    return {
      read: (field) => typed(field).value,
      write: (field, text) => { typed(field).value = text; return true; },
    };
  }

  function choose(field, values) {
    const inputs = controls(field, "input");
    for (const input of inputs) input.checked = values.includes(input.value);
    return values.every((value) => inputs.some((input) => input.value === value));
  }

  function pick(select, value) {
    select.value = value;
    const fits = select.value === value;
    if (!fits) select.value = "";
    return fits;
  }

  const read = (field) => kinds[field.dataset.kind].read(field);

  function answers() {
    const all = {};
    for (const field of fields) all[field.dataset.field] = read(field);
    return all;
  }

  function fill(saved) {
    const misfits = [];
    for (const field of fields) {
      const text = saved[field.dataset.field];
      if (typeof text === "string" && !kinds[field.dataset.kind].write(field, text)) misfits.push(field.dataset.field);
      refresh(field);
    }
    return misfits;
  }

  // What a field shows besides its answer: the sum of probabilities, the count of words.
  function refresh(field) {
    if (field.dataset.kind === "distribution") showSum(field);
    if (field.dataset.kind === "essay") showWords(field);
    const clear = field.querySelector("button.clear");
    if (clear) clear.hidden = read(field) === "";
  }

  // A probability as marking reads it, in its usual forms: 0.2, 0,2, 2e-1, 20 %, 1/5, (1/5). NaN for anything else.
  function share(text) {
    const bare = text.replace(/^\((.*)\)$/, "$1").trim().replace(/[\u2044\u2215]/g, "/");
    const [, typed, percent] = /^(.*?)\s*(%?)$/.exec(bare);
    const ratio = /^(\d+)\s*\/\s*(\d+)$/.exec(typed);
    const plain = /^\+?(\d+[.,]?\d*|[.,]\d+)(?:\s?e[-+]?\d+)?$/i.test(typed);
    const value = ratio ? ratio[1] / ratio[2] : plain ? Number(typed.replace(",", ".").replace(/\s/g, "")) : NaN;
    return percent ? value / 100 : value;
  }

  function showSum(field) {
    const numbers = controls(field, "input").map((input) => input.value.trim()).filter((text) => text !== "").map(share);
    const sum = Math.round(numbers.reduce((total, number) => total + number, 0) * 1e6) / 1e6;
    const box = field.querySelector("[data-sum]");
    box.hidden = numbers.length === 0;
    box.querySelector("[data-total]").textContent = Number.isFinite(sum) ? String(sum) : "not all are numbers";
    box.classList.toggle("full", sum === 1);
    box.classList.toggle("off", !(sum <= 1));
  }

  function showWords(field) {
    const count = typed(field).value.split(/\s+/).filter(Boolean).length;
    const output = field.querySelector("[data-words]");
    output.hidden = count === 0;
    output.textContent = `${count} ${count === 1 ? "word" : "words"} so far.`;
  }

  const open = () => fields.filter((field) => read(field).trim() === "").length;

  function showProgress() {
    const left = open();
    const text = left === 0 ? "Every answer is filled in." : `${fields.length - left} of ${fields.length} answers filled in.`;
    if (progress.textContent !== text) progress.textContent = text;
  }

  function touched(field) {
    refresh(field);
    say("");
    showProgress();
    changed(field);
  }

  function makeButton(text, label, className, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    if (label) button.setAttribute("aria-label", label);
    button.className = className;
    button.addEventListener("click", act);
    return button;
  }

  // A radio cannot be unticked by hand.
  function addClear(field) {
    field.append(makeButton("Clear this answer", "", "clear", () => {
      choose(field, []);
      field.querySelector("input").focus();
      touched(field);
    }));
  }

  // "None of these" and the options exclude each other.
  function exclude(field, ticked) {
    if (!ticked.checked) return;
    for (const input of controls(field, "input")) {
      if (input !== ticked && (input.value === "none") !== (ticked.value === "none")) input.checked = false;
    }
  }

  // A position that was taken goes to the item that held it before: no two items ever share one.
  function swapPositions(field, select) {
    const before = select.dataset.before || "";
    for (const other of labelled(field)) {
      if (other !== select && other.value !== "" && other.value === select.value) other.value = before;
    }
    rememberPositions(field);
  }

  function rememberPositions(field) {
    for (const select of labelled(field)) select.dataset.before = select.value;
  }

  function move(field, row, step) {
    const rows = controls(field, ".row");
    const place = (other) => Number(other.querySelector("select").value) || rows.length + 1;
    const order = [...rows].sort((a, b) => place(a) - place(b) || rows.indexOf(a) - rows.indexOf(b));
    const from = order.indexOf(row);
    const to = Math.min(Math.max(from + step, 0), order.length - 1);
    order.splice(to, 0, ...order.splice(from, 1));
    const focused = document.activeElement;
    order.forEach((other, index) => {
      field.append(other);
      other.querySelector("select").value = String(index + 1);
    });
    focused.focus();
    rememberPositions(field);
    touched(field);
    say(`${row.querySelector("select").dataset.label} is now at position ${to + 1} of ${order.length}.`);
  }

  function addMoves(field) {
    for (const row of controls(field, ".row")) {
      const label = row.querySelector("select").dataset.label;
      const moves = document.createElement("span");
      moves.className = "moves";
      moves.append(
        makeButton("↑", `Move ${label} up`, "", () => move(field, row, -1)),
        makeButton("↓", `Move ${label} down`, "", () => move(field, row, 1)),
      );
      row.append(moves);
    }
    rememberPositions(field);
  }

  // A region that does not scroll needs no stop for the keyboard.
  function fitRegions() {
    for (const region of document.querySelectorAll(".wide")) {
      if (region.scrollWidth > region.clientWidth) region.setAttribute("tabindex", "0");
      else region.removeAttribute("tabindex");
    }
  }

  for (const field of fields) {
    if (field.dataset.kind === "one") addClear(field);
    if (field.dataset.kind === "arrange") addMoves(field);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  // Not every browser sends "input" for a list of choices, so both events are heard; hearing both does no harm.
  for (const heard of ["input", "change"]) {
    form.addEventListener(heard, (event) => {
      const field = event.target.closest("[data-field]");
      if (!field) return;
      if (field.dataset.kind === "many") exclude(field, event.target);
      if (field.dataset.kind === "arrange") swapPositions(field, event.target);
      touched(field);
    });
  }
  addEventListener("resize", fitRegions);

  // To be called once the answers of an earlier sitting are back.
  function begin() {
    fields.forEach(refresh);
    fields.filter((field) => field.dataset.kind === "arrange").forEach(rememberPositions);
    showProgress();
    fitRegions();
  }

  return { all: fields, answers, begin, fill, open, read, showProgress };
}
