"use strict";
(() => {
  const rows = [...document.getElementById("rows").rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const wanted = document.getElementById("wanted");
  const shown = document.getElementById("shown");
  let timer = 0;

  function show() {
    const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      const fits = words.every((word) => texts[index].includes(word));
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = words.length ? `${count} of ${rows.length} students` : "";
  }

  wanted.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 150);
  });
  document.getElementById("filter").hidden = false;
})();
