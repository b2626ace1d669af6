// Draws the charts of the page from what stands in it. The interpreter needs no code made while running.
(async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { config, formatLocale, timeFormatLocale } = read("settings");
  const options = { actions: false, ast: true, config, defaultStyle: false, formatLocale, renderer: "svg", timeFormatLocale, tooltip: false };
  for (const chart of document.querySelectorAll("[data-chart]")) {
    try {
      await vegaEmbed(chart, read(chart.dataset.chart), options);
      chart.querySelector("svg").setAttribute("aria-hidden", "true");
    } catch (problem) {
      chart.textContent = chart.dataset.failed;
      chart.closest("figure").querySelector("details")?.setAttribute("open", "");
      console.error(problem);
    }
  }
  document.documentElement.dataset.drawn = "true";
})();
