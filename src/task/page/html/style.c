/* style.c - the head of a page: what it may do, and how it looks. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/page/html/html.h"

/* Blue and vermilion, which those who see few colours tell apart, each with a contrast of 4.5 and
 * more to the paper; on paper samples are lines, too, and data are filled. */
static const char style[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#525b66;--line:#d5dae0;"
    "--card:#f6f7f9;--data:#0067a5;--draw:#b84300}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#15191e;--ink:#e8ebef;--soft:#a5afba;"
    "--line:#3b434d;--card:#1d2228;--data:#62b1ec;--draw:#f2994a}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}\n"
    "h2{font-size:1.2rem;margin:2.2rem 0 .4rem;border-bottom:1px solid var(--line)}\n"
    "h3{font-size:1rem;margin:1.2rem 0 .3rem}p{margin:.5rem 0;max-width:46rem}\n"
    "a{color:var(--data)}nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;"
    "list-style:none}\n"
    ".soft,figcaption span,footer{color:var(--soft)}\n"
    ".sum{background:var(--card);border-left:.3rem solid var(--data);padding:.6rem 1rem;"
    "border-radius:.3rem}.sum p{max-width:none}.sum p:first-child{font-weight:600}\n"
    ".scroll{overflow-x:auto;max-width:100%}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}\n"
    "caption{text-align:left;color:var(--soft);padding:.2rem 0}\n"
    "th,td{padding:.22rem .7rem .22rem 0;text-align:right;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "td{white-space:nowrap}td.t,.facts "
    "td{white-space:normal}th{font-weight:600}th[scope=row],td.t,th.t{text-align:left}th[scope="
    "row]{font-weight:400}\n"
    "td.t{min-width:12rem}.facts th[scope=row]{color:var(--soft);white-space:nowrap}"
    ".facts td{text-align:left}\n"
    "figure{margin:.8rem 0;min-width:0}figcaption{font-size:.88rem;margin-bottom:.2rem}\n"
    ".many{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));"
    "gap:.4rem 1.6rem}.two{display:flex;flex-wrap:wrap;gap:.5rem 2rem}.two figure{flex:1 1 20rem;"
    "max-width:34rem}.one{max-width:29rem}.half{max-width:24rem}\n"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font:11px "
    "system-ui,sans-serif}svg .n{fill:var(--soft);font-size:10px}\n"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem;padding:0;margin:.5rem 0;"
    "list-style:none}.key li{display:flex;align-items:center}.key "
    "svg{display:inline-block;width:1.6rem;height:.8rem;"
    "margin-right:.4rem}\n"
    ".d{fill:var(--data)}.a{fill:var(--data);fill-opacity:.4}.s{fill:var(--draw)}"
    ".l{fill:none;stroke:var(--draw);stroke-width:1.8}.m{fill:none;stroke:var(--data);"
    "stroke-width:1.8}.g{stroke:var(--line);fill:none}.x{stroke:var(--soft);fill:none}"
    ".o{stroke-dasharray:3 3}\n"
    "img{image-rendering:pixelated;max-width:100%;height:auto;display:block}\n"
    "footer{margin-top:2.5rem;font-size:.88rem}\n"
    "@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;"
    "--card:#fff;--data:#0067a5;--draw:#b84300}body{max-width:none;padding:0;font-size:10pt}"
    "nav{display:none}figure,tr,.sum{break-inside:avoid;page-break-inside:avoid}h2,h3{"
    "break-after:avoid}.scroll{overflow:visible}table{font-size:8pt}td{white-space:normal}"
    "th,td{padding-right:.4rem}.many{grid-template-columns:repeat(3,1fr)}}\n";

void nqi_html_head(FILE *file, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          file);
    nqi_html_text(file, title);
    fputs("</title>\n<style>\n", file);
    fputs(style, file);
    fputs("</style>\n</head>\n<body>\n", file);
}

void nqi_html_legend(FILE *file, const char *data, const char *samples, int is_filled)
{
    fputs("<ul class=\"key\"><li><svg viewBox=\"0 0 32 16\" aria-hidden=\"true\">", file);
    fputs(is_filled ? "<rect class=\"a\" y=\"2\" width=\"32\" height=\"14\"/><path class=\"m\" "
                      "d=\"M0 2h32\"/></svg>"
                    : "<path class=\"m\" d=\"M0 8h32\"/></svg>",
          file);
    nqi_html_text(file, data);
    fputs("</li><li><svg viewBox=\"0 0 32 16\" aria-hidden=\"true\"><path class=\"l\" "
          "stroke-width=\"3\" d=\"M0 8h32\"/></svg>",
          file);
    nqi_html_text(file, samples);
    fputs("</li></ul>\n", file);
}
