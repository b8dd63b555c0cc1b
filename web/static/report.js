// Prints the report.
document.getElementById("print").addEventListener("click", () => window.print());
