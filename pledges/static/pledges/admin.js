"use strict";
{
    // A drop-down filter goes to the address of the choice.
    document.addEventListener("change", (event) => {
        if (event.target.matches("select.filter-select")) {
            window.location.search = event.target.value;
        }
    });

    // A second press on the button must not write twice.
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.method !== "post" || form.id === "changelist-form") {
            return;
        }
        if (form.dataset.sent) {
            event.preventDefault();
        }
        form.dataset.sent = "yes";
    });
    // Coming back to the page with the browser's own button makes the form new again.
    window.addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-sent]")) {
            delete form.dataset.sent;
        }
    });
}
