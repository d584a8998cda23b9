// dom.js - making elements. Every word of a run becomes text, never markup.
"use strict";

// element("td", {class: "best"}, "text", other, [more])
function element(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
        if (key.startsWith("on"))
            e.addEventListener(key.slice(2), value);
        else if (value === true)
            e.setAttribute(key, "");
        else if (value !== false && value !== null && value !== undefined)
            e.setAttribute(key, value);
    }
    e.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
    return e;
}

function data(id) {
    const e = document.getElementById(id);
    return e ? JSON.parse(e.textContent) : null;
}

// Three digits and more where there are; "" for none.
function number(x) {
    if (x === null || x === undefined)
        return "";
    if (Number.isInteger(x) && Math.abs(x) < 1e7)
        return String(x);
    const size = Math.abs(x);
    return size >= 1e5 || size < 1e-3 ? x.toExponential(2) : size >= 100 ? x.toFixed(1) : x.toFixed(3);
}

// A folder's path as an address, whatever letters it has.
function address(path) {
    const parts = path.split("/").map(encodeURIComponent).join("/");
    return path.startsWith("/") ? "file://" + parts : "./" + parts;
}

// What is chosen survives that the page shows itself anew: it stands behind the # of the address.
const chosen = {
    all: new URLSearchParams(location.hash.slice(1)),
    get(key) {
        return this.all.get(key);
    },
    set(key, value) {
        if (value === null || value === "")
            this.all.delete(key);
        else
            this.all.set(key, value);
        try {
            history.replaceState(null, "", "#" + this.all);
        } catch (e) {
            // A browser may not allow it to a file; then it is forgotten.
        }
    },
};

const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7b3294", "#666666",
    "#a6611a", "#1b7837", "#e7298a", "#4d4d9f"];
