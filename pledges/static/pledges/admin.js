"use strict";
{
    // A drop-down filter goes to the address of the choice.
    document.addEventListener("change", (event) => {
        if (event.target.matches("select.filter-select")) {
            window.location.search = event.target.value;
        }
    });

    // What is to mend may be far below: go there. After "load", for Django puts the focus elsewhere before.
    window.addEventListener("load", () => {
        const error = document.querySelector(".form-row .errorlist");
        if (!error) {
            return;
        }
        error.scrollIntoView({block: "center"});
        const row = error.closest(".form-row > div > div") || error.closest(".form-row");
        const field = row.querySelector("input:not([type=hidden]), select:not(.admin-autocomplete), textarea");
        if (field) {
            field.focus({preventScroll: true});
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
