(() => {
  "use strict";

  // The value under the pointer, or, with the arrow keys, of the next point.
  for (const chart of document.querySelectorAll("svg.series")) {
    const sides = chart.dataset.points.split(";", 2);
    const read = (text, side) => text.split("|").filter(Boolean).map((point) => {
      const [x, y, time, ...value] = point.split(",");
      return { x: Number(x), y, time, side, value: value.join(",") };
    });
    const points = [...read(sides[0], "before"), ...read(sides[1], "after")];
    const reading = chart.closest("figure").querySelector(".reading");
    const rest = reading.textContent;
    const mark = chart.querySelector(".hov");
    const [line, ring] = mark.children;
    let current = -1;
    const show = (index) => {
      current = index;
      const point = points[index];
      line.setAttribute("x1", point.x + "%");
      line.setAttribute("x2", point.x + "%");
      ring.setAttribute("cx", point.x + "%");
      ring.setAttribute("cy", point.y);
      mark.setAttribute("visibility", "visible");
      reading.textContent = `${point.time} UTC · ${point.value} · ${point.side}`;
    };
    const hide = () => {
      mark.setAttribute("visibility", "hidden");
      reading.textContent = rest;
    };
    chart.addEventListener("pointermove", (event) => {
      const box = chart.getBoundingClientRect();
      const x = (100 * (event.clientX - box.left)) / box.width;
      const y = event.clientY - box.top;
      const far = (point) => Math.abs(point.x - x) + Math.abs(point.y - y) / 1000;
      show(points.reduce((best, point, index) => (far(point) < far(points[best]) ? index : best), 0));
    });
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show(Math.min(points.length - 1, Math.max(0, current + step)));
    });
  }

  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    const say = (text) => {
      button.textContent = text;
      setTimeout(() => { button.textContent = label; }, 1500);
    };
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        say("Copied");
      } catch {
        select(code);
        say(document.execCommand("copy") ? "Copied" : "Selected: copy it");
      }
    });
  }

  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", open);
  open();

  // On paper nothing can be opened; rows of metrics are, their queries stay folded.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.row:not([open])")];
    for (const row of opened) row.open = true;
  });
  addEventListener("afterprint", () => {
    for (const row of opened) row.open = false;
  });
})();
