"use strict";
(() => {
  const slide = document.getElementById("slide");
  const number = document.getElementById("number");
  const state = document.getElementById("state");
  const findings = document.getElementById("findings");
  const variants = document.getElementById("variants");
  const last = Number(number.max);
  let version = -1;
  let news = -1;
  let shown = 1;
  let asked = 0;
  let timer = 0;

  async function ask(path, options) {
    const reply = await fetch(path, { cache: "no-store", ...options });
    if (!reply.ok) throw new Error(await reply.text());
    return reply.json();
  }

  // What was typed, by address and answer, so that a saved change of the file does not take it away.
  function typed() {
    const kept = new Map();
    for (const form of variants.querySelectorAll("form.try")) {
      const texts = new Map([...form.querySelectorAll("input, textarea")].map((box) => [box.name, box.value]));
      if ([...texts.values()].some(Boolean)) {
        kept.set(form.dataset.address, { texts, marked: form.querySelector(".marks").childElementCount > 0 });
      }
    }
    return kept;
  }

  function restore(kept) {
    for (const form of variants.querySelectorAll("form.try")) {
      const before = kept.get(form.dataset.address);
      if (!before) continue;
      for (const box of form.querySelectorAll("input, textarea")) box.value = before.texts.get(box.name) || "";
      if (before.marked) mark(form);
    }
  }

  async function show() {
    const mine = ++asked;
    try {
      const part = await ask(`variants?address=${number.value || 0}`);
      if (mine !== asked) return;
      const kept = typed();
      const open = [...variants.querySelectorAll("details")].map((details) => details.open);
      version = part.version;
      shown = part.count;
      variants.innerHTML = part.html;
      [...variants.querySelectorAll("details")].forEach((details, index) => { details.open = Boolean(open[index]); });
      variants.dataset.version = version;
      restore(kept);
    } catch (error) {
      if (mine === asked) variants.textContent = error.message;
    }
  }

  async function mark(form) {
    const answers = {};
    for (const box of form.querySelectorAll("input, textarea")) answers[box.name] = box.value;
    const marks = form.querySelector(".marks");
    try {
      const body = JSON.stringify({ address: Number(form.dataset.address), answers });
      marks.innerHTML = (await ask("mark", { method: "POST", headers: { "Content-Type": "application/json" }, body })).html;
    } catch (error) {
      marks.textContent = error.message;
    }
  }

  async function follow() {
    for (;;) {
      try {
        const part = await ask(`news?after=${news}`);
        news = part.news;
        // First what the words speak of, so that nobody reads of what is below before it is there.
        if (part.version !== version) await show();
        findings.innerHTML = part.html;
        state.textContent = part.state;
        document.body.classList.toggle("stale", part.broken);
      } catch {
        state.textContent = "the server has stopped; start it again and open its new page";
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
    }
  }

  function go(address) {
    const wanted = Math.min(Math.max(Math.floor(Number(address)) || 0, 0), last);
    number.value = wanted;
    slide.max = Math.max(999, wanted);
    slide.value = wanted;
    clearTimeout(timer);
    timer = setTimeout(show, 60);
  }

  slide.addEventListener("input", () => go(slide.value));
  number.addEventListener("change", () => go(number.value));
  document.getElementById("before").addEventListener("click", () => go(Number(number.value) - shown));
  document.getElementById("after").addEventListener("click", () => go(Number(number.value) + shown));
  document.getElementById("address").addEventListener("submit", (event) => event.preventDefault());
  findings.addEventListener("click", (event) => {
    if (event.target.dataset.address !== undefined) go(event.target.dataset.address);
  });
  variants.addEventListener("submit", (event) => {
    event.preventDefault();
    mark(event.target);
  });
  follow();
})();
