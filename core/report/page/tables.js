// tables.js - tables whose columns sort, and the rows that are wanted.
"use strict";

// {columns: [{label, title, better}], rows: [{cells: [{text, value, class, title} or node], hidden}]}
// A click on a head sorts by it: the better first, or the smaller; a second click turns it round. What has
// no number comes last.
function sortable(key, columns, rows, most, hidden) {
    const body = element("tbody"), head = element("tr");
    const table = element("table", {class: "sortable", id: key}, element("thead", {}, head), body);
    const more = element("p", {class: "note"});
    let by = -1, down = false, limit = most || rows.length;
    const saved = (chosen.get("sort." + key) || "").match(/^(\d+)([-+])$/);
    const order = (a, b) => {
        const x = a.cells[by].value, y = b.cells[by].value;
        const none = (v) => v === null || v === undefined || v === "";
        if (none(x) || none(y))
            return none(x) - none(y);
        const sign = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), undefined, {numeric: true});
        return down ? -sign : sign;
    };
    const show = () => {
        const sorted = by < 0 || (hidden && hidden.has(by)) ? rows : rows.slice().sort(order);
        const wanted = sorted.filter((r) => !r.hidden), shown = wanted.slice(0, limit);
        body.replaceChildren(...shown.map((r) => r.element || (r.element = element("tr", {class: r.class},
            r.cells.map((c, i) => element(i ? "td" : "th", {class: c.class, title: c.title, scope: i ? null : "row"}, c.node || c.text))))));
        [...head.children].forEach((th, i) =>
            th.setAttribute("aria-sort", i !== by || (hidden && hidden.has(by)) ? "none" : down ? "descending" : "ascending"));
        for (const row of hidden ? table.rows : [])
            [...row.cells].forEach((c, i) => { c.hidden = hidden.has(i); });
        more.replaceChildren();
        if (wanted.length > shown.length)
            more.append(shown.length + " of " + wanted.length + " shown. ",
                element("button", {onclick: () => { limit = rows.length; show(); }}, "show all"));
        else if (wanted.length < rows.length)
            more.append(wanted.length + " of " + rows.length + " chosen");
    };
    columns.forEach((c, i) => head.append(element("th", {scope: "col", title: c.title, "aria-sort": "none"},
        element("button", {
            onclick: () => {
                down = by === i ? !down : c.better === "more";
                by = i;
                chosen.set("sort." + key, i + (down ? "-" : "+"));
                show();
            },
        }, c.label))));
    if (saved && Number(saved[1]) < columns.length) {
        by = Number(saved[1]);
        down = saved[2] === "-";
    }
    show();
    return {node: element("div", {}, element("div", {class: "wide"}, table), more), show};
}

// One of the tables that the sweep names. Filters reach its rows and columns, not what it is a mean over.
function namedTable(t) {
    const section = element("section", {class: "table"}, element("h3", {}, t.name));
    if (t.error) {
        section.append(element("p", {class: "note"}, t.error));
        return {node: section, rows_are: "", filter() {}};
    }
    const columns = [{label: t.rows_are || "runs"}].concat(t.columns.map((c) => ({
        label: c.label + (c.better === "less" ? " ↓" : c.better === "more" ? " ↑" : ""),
        title: c.path,
        better: c.better,
    })));
    const rows = t.rows.map((r) => ({
        label: r.label,
        cells: [{text: r.label + (r.marks ? " " + r.marks : ""), value: r.label}].concat(r.cells.map((c) => ({
            text: c.text + (c.marks ? " " + c.marks : ""),
            value: c.value,
            class: c.best ? "best" : null,
            marks: c.marks,
        }))),
        marks: r.marks,
    }));
    const hidden = new Set(); // numbers of columns
    const made = sortable("table." + t.name, columns, rows, 0, hidden);
    const note = element("p", {class: "note"});
    const legend = t.legend.filter((l) => l).map((text) => ({text, node: element("p", {class: "note"}, text)}));
    // "† cluster collapse ...": a line of a mark is there while a row or column is that has it.
    const isMark = (sign) => rows.some((r) => marksIn(r, new Set()).includes(sign));
    const marksIn = (r, without) => r.marks + r.cells.map((c, i) => (without.has(i) ? "" : c.marks || "")).join("");
    for (const line of legend) {
        const sign = line.text.split(" ")[0];
        line.sign = isMark(sign) ? sign : null;
    }
    section.append(element("p", {class: "caption"}, t.caption), made.node,
        ...legend.map((l) => l.node), note);
    return {
        node: section,
        filter(wanted) {
            const own = wanted[t.rows_are];
            for (const r of rows)
                r.hidden = own !== undefined && own !== r.label;
            const column = wanted[t.columns_are];
            hidden.clear();
            t.columns.forEach((c, i) => column !== undefined && column !== c.label && hidden.add(i + 1));
            for (const l of legend)
                l.node.hidden = l.sign !== null && !rows.some((r) => !r.hidden && marksIn(r, hidden).includes(l.sign));
            const others = Object.keys(wanted).filter((a) => a !== t.rows_are && a !== t.columns_are);
            note.textContent = others.length ? "Not chosen here by " + others.join(", ") +
                ": this table is as the sweep names it." : "";
            made.show();
        },
    };
}
