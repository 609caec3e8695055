"use strict";

(() => {
  const main = document.getElementById("main");
  const { build, code, student } = main.dataset;
  const draftKey = `quizgen:${build}:${code}`;
  const news = document.getElementById("news");
  let unsaved = false;
  let draftTimer = 0;

  const say = (text) => { news.textContent = text; };
  const sheet = quizgenFields(main.querySelector("form"), changed, say);

  function changed() {
    unsaved = true;
    clearTimeout(draftTimer);
    draftTimer = setTimeout(keepDraft, 400);
  }

  function keepDraft() {
    try {
      localStorage.setItem(draftKey, JSON.stringify(sheet.answers()));
    } catch {
      // A browser may forbid storage to files; saving still works.
    }
  }

  function restoreDraft() {
    try {
      const draft = JSON.parse(localStorage.getItem(draftKey) || "null");
      if (draft && Object.values(draft).some((text) => text !== "")) {
        sheet.fill(draft);
        unsaved = true;
        say("Your draft from this browser is back.");
      }
    } catch {
      // No storage or no draft that can be read: begin with an empty sheet.
    }
  }

  function save() {
    const response = {
      format: "quizgen-responses",
      version: 1,
      build,
      worksheet: code,
      student,
      saved: new Date().toISOString(),
      answers: sheet.answers(),
    };
    const name = `answers-${code}.json`;
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(response, null, 2)}\n`], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    keepDraft();
    unsaved = false;
    say(`Saved as ${name}. Hand in that file.`);
  }

  async function load(file) {
    let response = null;
    try {
      response = JSON.parse(await file.text());
    } catch {
      // Told below.
    }
    if (!response || response.format !== "quizgen-responses" || typeof response.answers !== "object" || !response.answers) {
      say(`${file.name} is not a file of saved answers.`);
    } else if (response.worksheet !== code || response.build !== build) {
      say(`${file.name} belongs to sheet ${response.worksheet}, not to this one.`);
    } else {
      const misfits = sheet.fill(response.answers);
      unsaved = false;
      keepDraft();
      sheet.showProgress();
      say(misfits.length ? `Loaded, but these do not fit: ${misfits.join(", ")}.` : "Saved answers loaded.");
    }
  }

  const file = document.getElementById("file");
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("load").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    if (file.files.length) load(file.files[0]);
    file.value = "";
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  restoreDraft();
  sheet.begin();
  document.getElementById("bar").hidden = false;
})();
