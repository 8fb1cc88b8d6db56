/// The style of every page: one measure of text, one margin, two themes, and print.
///
/// In wide windows a passage floats left and its margin notes right. A float may not begin above one that stands before
/// it, so that notes begin at the height of their passage or, where notes are long, at most one passage lower; and in
/// the source, as on narrow screens, in print and for those who listen, notes follow what they are about.
///
/// The colours of hands have a contrast of at least 4.5 : 1 with every background on which they stand.
let htmlStylesheet: PageCode = """
    :root {
      color-scheme: light dark;
      --paper: #fdfcf9; --ink: #1f1d1a; --quiet: #5f5a52; --rule: #d9d4c8; --box: #f5f2ea; --link: #1d4f91; --target: #fff1b8; --difference: #eef1dc;
      --h1: #9b2c2c; --h2: #1f5a9e; --h3: #24673a; --h4: #74399a; --h5: #7d5200; --h6: #00606f; --h7: #9b2a68; --h8: #4c561c;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #171614; --ink: #e9e5dc; --quiet: #aca59a; --rule: #3d3a34; --box: #211f1c; --link: #9dc1f5; --target: #3d3510; --difference: #2b3021;
        --h1: #f09a90; --h2: #8fbcf5; --h3: #8ccf9f; --h4: #cfabf0; --h5: #e2ba6c; --h6: #74cfde; --h7: #f2a0ca; --h8: #c3cb88;
      }
    }
    * { box-sizing: border-box; }
    html { font: 106.25%/1.55 "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", Georgia, "Noto Serif", serif;
      background: var(--paper); color: var(--ink); text-size-adjust: 100%; scroll-padding-block: 4.5rem 2rem; }
    body { margin: 0 auto; padding: 1.5rem 1.1rem 4rem; max-width: 38rem; overflow-wrap: break-word; }
    a { color: var(--link); text-underline-offset: 0.15em; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    :target, .found { background: var(--target); }
    ::highlight(found) { background: var(--target); text-decoration: underline 2px; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 600; text-wrap: balance; }
    h1 { font-size: 1.75rem; margin: 0 0 0.6rem; }
    h2 { font-size: 0.86rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--quiet); margin: 0 0 0.5rem; }
    .skip { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
    .skip:focus { position: static; clip-path: none; height: auto; width: auto; }
    [hidden] { display: none !important; }
    .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; user-select: none; }

    .tools { position: sticky; inset-block-start: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 1.1rem; margin: -0.6rem 0 1.4rem;
      padding: 0.45rem 0; background: var(--paper); border-bottom: 1px solid var(--rule); font: 0.82rem/1.45 system-ui, sans-serif; }
    .tools > a { padding: 0.25rem 0; }
    .tools > a[aria-current] { color: inherit; text-decoration: none; font-weight: 600; }
    .tools summary { padding: 0.25rem 0; min-height: 1.5rem; list-style: none; color: var(--link); }
    .tools summary::-webkit-details-marker { display: none; }
    .tools summary::after { content: " ▾" / ""; }
    .menu[open] > summary { font-weight: 600; }
    .tools h2 { font-size: 0.75rem; margin: 0; }
    .panel { position: absolute; inset-inline: 0; max-height: 75vh; overflow: auto; background: var(--box); border: 1px solid var(--rule); border-radius: 0.3rem;
      padding: 0.7rem 0.9rem; box-shadow: 0 0.4rem 1.2rem rgb(0 0 0 / 0.18); }
    .panel fieldset { border: 0; margin: 0 0 0.6rem; padding: 0; min-width: 0; }
    .panel legend { color: var(--quiet); padding: 0; }
    .panel label { display: flex; gap: 0.5rem; align-items: baseline; padding: 0.18rem 0; cursor: pointer; }
    .panel ul { margin: 0; padding-inline-start: 1.1rem; } .panel li { padding: 0.12rem 0; }
    .panel .hint { margin: 0 0 0.5rem; color: var(--quiet); }
    .contents ul { list-style: none; padding: 0; } .level-4 { margin-inline-start: 1rem; } .level-5 { margin-inline-start: 2rem; } .level-6 { margin-inline-start: 3rem; }
    .filter { display: flex; flex-wrap: wrap; gap: 0 0.8rem; align-items: baseline; }
    button { font: inherit; color: var(--link); background: var(--paper); border: 1px solid var(--rule); border-radius: 0.25rem; padding: 0.1rem 0.55rem; min-width: 1.6rem;
      min-height: 1.6rem; cursor: pointer; }
    .citation { margin-bottom: 0.7rem; } .citation h2 { display: inline; } .citation button { font-size: 0.75rem; margin-inline-start: 0.4rem; }
    .citation .words { margin: 0.2rem 0 0; overflow-wrap: anywhere; user-select: all; }
    .citation pre { font: 0.74rem/1.4 ui-monospace, monospace; max-height: 9rem; overflow: auto; white-space: pre-wrap; background: var(--paper); padding: 0.4rem; }
    .stage-slider { display: flex; flex-wrap: wrap; gap: 0.2rem 0.6rem; align-items: center; flex-basis: 100%; order: 1; }
    .stage-slider label { display: contents; }
    .stage-slider input { flex: 1 1 8rem; min-width: 0; accent-color: var(--link); }
    .stage-slider output { flex: 2 1 14rem; color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

    header { border-bottom: 1px solid var(--rule); margin-bottom: 2rem; padding-bottom: 1.5rem; }
    header dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0 0 1rem; font-size: 0.92rem; }
    header dt { color: var(--quiet); grid-column: 1; }
    header dd { margin: 0; grid-column: 2; min-width: 0; }
    .subtitle { margin: 0 0 0.6rem; font-size: 1.1rem; color: var(--quiet); }
    .summary { margin: 0 0 1.2rem; }
    .legend, .stages { font-size: 0.85rem; line-height: 1.45; }
    .stages { margin: 0; padding-left: 1.3rem; }
    .legend { margin-top: 1.5rem; }
    .hands, .witnesses { list-style: none; margin: 0 0 1.2rem; padding: 0; }
    .hands li { position: relative; padding-left: 2rem; margin-bottom: 0.7rem; }
    .hands .badge { position: absolute; left: 0; top: 0.05rem; }
    .hands b { color: var(--hand); display: inline-block; }
    .hands b::first-letter { text-transform: uppercase; }
    .counts, .description { display: block; }
    .description { color: var(--quiet); }
    .works ol { margin: 0.2rem 0 0; padding-inline-start: 1.4rem; max-height: 14rem; overflow: auto; }
    .witnesses li { margin-bottom: 0.25rem; }

    .policy { margin-bottom: 1.6rem; }
    .policy p { margin: 0; font-size: 0.92rem; color: var(--quiet); font-style: italic; }
    .h0 { --hand: var(--ink); } .h1 { --hand: var(--h1); } .h2 { --hand: var(--h2); } .h3 { --hand: var(--h3); }
    .h4 { --hand: var(--h4); } .h5 { --hand: var(--h5); } .h6 { --hand: var(--h6); } .h7 { --hand: var(--h7); } .h8 { --hand: var(--h8); }
    .flow a[href^="#name:"] { color: inherit; text-decoration: underline dotted var(--quiet); }
    .flow a[href^="#name:"]:hover { text-decoration-style: solid; }
    .facsimile, .zone-sign { display: none; }
    .sheet { display: block; position: relative; margin-top: 0.3rem; border: 1px solid var(--rule); background: var(--box); overflow: hidden; min-height: 3rem; }
    .sheet img { display: block; width: 100%; height: 100%; object-fit: contain; }
    .sheet[style] img { position: absolute; inset: 0; object-fit: fill; }
    .sheet button { position: absolute; inset-block-start: 0.4rem; inset-inline-start: 0.4rem; font: 0.78rem/1.4 system-ui, sans-serif; }
    .zone { position: absolute; border: 1px solid var(--link); }
    .zone:is(:hover, :focus-visible, :target, .found) { border-width: 2px; background: rgb(255 221 87 / 0.35); }
    .zone-sign, .image-link { font: 0.72rem/1.4 system-ui, sans-serif; text-decoration: none; padding-inline: 0.2em; }
    .zone-sign { vertical-align: super; font-size: 0.6rem; }
    .cards { list-style: none; margin: 0 0 1rem; padding: 0; }
    .card { padding: 0.35rem 0; border-top: 1px solid var(--rule); } .card b { font-weight: 600; }
    .card :is(.description, .identifier, .mentions), .card-shown :is(.description, .identifier, .mentions) { display: block; font-size: 0.92em; }
    .mentions a, .below p a { display: inline-block; min-width: 1.5em; text-align: center; }
    .names h3 { font-size: 0.95rem; margin: 0.8rem 0 0.3rem; }
    .card-shown { margin: 0; position: fixed; max-width: min(22rem, 92vw); max-height: 50vh; overflow: auto; padding: 0.6rem 0.9rem; border: 1px solid var(--rule); border-radius: 0.3rem;
      background: var(--box); color: var(--ink); font-size: 0.86rem; line-height: 1.45; box-shadow: 0 0.4rem 1.2rem rgb(0 0 0 / 0.2); }
    .badge { display: inline-block; min-width: 1.35em; padding: 0 0.2em; border: 1.5px solid var(--hand); border-radius: 0.25em;
      color: var(--hand); font: 600 0.8em/1.35 system-ui, sans-serif; text-align: center; }
    .letter, .sign-number { display: inline-block; text-indent: 0; }
    .letter { color: var(--hand); font: 600 0.6em/1 system-ui, sans-serif; margin-left: 0.1em; }

    .flow [data-letter] { position: relative; }
    .flow [data-letter]::before { content: attr(data-letter); position: absolute; left: -1.05rem; top: 0.25em; font: 600 0.65rem/1.3 system-ui, sans-serif;
      text-indent: 0; color: var(--hand); }
    .chunk { content-visibility: auto; contain-intrinsic-size: auto 12rem; overflow-clip-margin: 22rem; }
    .flow::after { content: ""; display: block; clear: both; }
    .flow p, .tei-p { margin: 0 0 0.9rem; }
    .flow h3, .flow h4, .flow h5, .flow h6, .flow [role=heading] { margin: 0; padding: 1.1rem 0 0.5rem; font-weight: 600; }
    .flow h3 { font-size: 1.2rem; } .flow h4 { font-size: 1.08rem; } .flow h5, .flow h6 { font-size: 1rem; }
    .flow .tei-head:is(p, div) { font-weight: 600; margin-bottom: 0.4rem; }
    :is(.flow, .left-out) :is(.h1, .h2, .h3, .h4, .h5, .h6, .h7, .h8):not(.entry, .sign-number, .badge) { color: var(--hand); }
    .flow .h0 { color: var(--ink); }
    .flow blockquote { margin: 0 0 0.9rem 1.6rem; }
    .flow ul, .flow ol { margin: 0 0 0.9rem; padding-left: 1.6rem; }
    .flow dl { margin: 0 0 0.9rem; } .flow dd { margin-left: 1.6rem; } .flow dt { font-style: italic; }
    .flow table { border-collapse: collapse; margin: 0 0 0.9rem; font-size: 0.95rem; }
    .flow caption { text-align: left; font-weight: 600; padding-bottom: 0.3rem; }
    .flow td, .flow th { overflow-wrap: anywhere; border: 1px solid var(--rule); padding: 0.2rem 0.6rem; text-align: left; vertical-align: top; }
    .flow figure { margin: 0 0 0.9rem; padding: 0.6rem 0.8rem; border: 1px solid var(--rule); }
    .tei-lg, .tei-opener, .tei-closer, .tei-postscript, .tei-address, .tei-sp, .tei-castList, .tei-cit, .tei-zone, .tei-listBibl,
    .tei-figure p, .tei-floatingText { margin: 0 0 0.9rem; }
    .tei-l, .tei-line { padding-left: 1.2em; text-indent: -1.2em; }
    .tei-l > *, .tei-line > * { text-indent: 0; }
    .tei-sp > .tei-speaker, .speaker { font-variant-caps: small-caps; letter-spacing: 0.03em; margin: 0 0 0.1rem; }
    .flow p.speaker { margin: 0 0 0.1rem; }
    .tei-sp .tei-p { padding-left: 1.2rem; }
    .tei-stage { font-style: italic; color: var(--quiet); }
    .tei-graphic { font-size: 0.8rem; }
    .tei-surface > .tei-graphic { display: block; margin-bottom: 0.5rem; }
    .tei-fw { color: var(--quiet); font-size: 0.85rem; }
    .tei-surface { border-top: 1px solid var(--rule); padding-top: 0.6rem; margin-bottom: 1.4rem; }
    .tei-floatingText { border-left: 3px double var(--rule); padding-left: 1rem; }
    .page { color: var(--quiet); font: 0.72rem/1.4 system-ui, sans-serif; letter-spacing: 0.03em; }
    span.page { padding: 0 0.35em; margin: 0 0.15em; border: solid var(--rule); border-width: 0 1px; white-space: nowrap; }
    div.page { border-top: 1px solid var(--rule); padding-top: 0.2rem; margin: 0.6rem 0; }
    .tei-surface > div.page { border: 0; padding: 0; margin: 0 0 0.4rem; }
    .paragraph-break { height: 0.9rem; }
    .preserved { white-space: pre-wrap; }
    .bold { font-weight: 700; } .italic { font-style: italic; } .small-caps { font-variant-caps: small-caps; } .caps { text-transform: uppercase; }
    .underline { text-decoration: underline; } .double { text-decoration: underline double; } .strike { text-decoration: line-through; }
    .spaced { letter-spacing: 0.2em; } .center { text-align: center; } .right { text-align: right; } .large { font-size: 1.15em; } .small { font-size: 0.87em; }
    .indent-1 { padding-left: 1.5rem; } .indent-2 { padding-left: 3rem; } .indent-3 { padding-left: 4.5rem; } .indent-4 { padding-left: 6rem; }
    .indent-5 { padding-left: 7.5rem; } .indent-6 { padding-left: 9rem; }
    span:is(.indent-1, .indent-2, .indent-3, .indent-4, .indent-5, .indent-6) { padding-left: 0; }
    .horizontal-tb { writing-mode: horizontal-tb; } .vertical-rl { writing-mode: vertical-rl; } .vertical-lr { writing-mode: vertical-lr; }
    .sideways-rl { writing-mode: sideways-rl; } .sideways-lr { writing-mode: sideways-lr; }
    :is(div, p, h3, h4, h5, h6):is(.vertical-rl, .vertical-lr, .sideways-rl, .sideways-lr) { max-inline-size: 70vh; max-width: 100%; overflow-x: auto; }
    :is(.vertical-rl, .vertical-lr, .sideways-rl, .sideways-lr) :is(.entry, .heard) { writing-mode: horizontal-tb; }
    sup, sub { line-height: 0; font-size: 0.72em; }
    q.quoted { quotes: none; }
    i:is([dir=rtl], :lang(ja), :lang(zh), :lang(ko)) { font-style: normal; }
    cite { font-style: italic; }
    code { font-size: 0.9em; }

    .by-h0 { --by: var(--ink); } .by-h1 { --by: var(--h1); } .by-h2 { --by: var(--h2); } .by-h3 { --by: var(--h3); } .by-h4 { --by: var(--h4); }
    .by-h5 { --by: var(--h5); } .by-h6 { --by: var(--h6); } .by-h7 { --by: var(--h7); } .by-h8 { --by: var(--h8); }
    del { text-decoration: line-through; text-decoration-color: var(--by, currentColor); text-decoration-thickness: 0.09em; }
    ins { text-decoration: underline dotted; text-decoration-thickness: 0.08em; text-underline-offset: 0.22em; }
    ins.own { text-decoration: none; }
    .left-out ins.own { text-decoration: underline dotted; }
    .tei-unclear, .tei-damage { text-decoration: underline dotted var(--quiet); text-underline-offset: 0.22em; }
    .tei-supplied { color: var(--quiet); }
    .flow .tei-supplied::before { content: var(--open, none); }
    .flow .tei-supplied::after { content: var(--close, none); }
    .underlined { text-decoration-color: var(--by); }
    [data-mark=underline], .underlined { text-decoration-line: underline; text-decoration-thickness: 0.12em; text-underline-offset: 0.15em; }
    .sign { color: var(--quiet); }
    .gap { color: var(--quiet); font-size: 0.82em; font-family: system-ui, sans-serif; }
    .gap-editorial, .gap-withheld, .gap-redacted { border: 1px solid var(--rule); padding: 0 0.25em; }
    .gap-withheld { border-style: dashed; border-color: var(--quiet); }
    .gap-redacted { border: 1px solid var(--ink); border-width: 0 0.5em; }
    .gap-illegible { text-decoration: underline dotted; }
    .gap-damage { text-decoration: underline wavy; text-decoration-thickness: 1px; }
    .place:target::before { content: "‸"; font-weight: 700; }

    .sign-number { color: var(--quiet); font: 0.66em/1 system-ui, sans-serif; vertical-align: super; text-decoration: none; padding: 0 0.2em 0 0.1em; }
    .sign-number.mark { color: var(--hand); font-weight: 700; }
    a.sign-number:hover, .number:hover { text-decoration: underline; }
    .margin { margin: 0 0 1rem; font-size: 0.84rem; line-height: 1.42; }
    .entry { border-left: 3px solid var(--hand); background: var(--box); padding: 0.4rem 0.7rem 0.45rem; margin: 0 0 0.5rem; }
    .entry.note { border-left: 1px solid var(--rule); background: none; }
    .flow .entry .lead { margin: 0; color: var(--quiet); font: 0.74rem/1.4 system-ui, sans-serif; }
    .entry .number { text-decoration: none; color: inherit; margin-right: 0.2em; }
    .entry:not(.note) .number { font-weight: 700; color: var(--hand); }
    .flow .entry p { margin: 0 0 0.3rem; }
    .flow .entry .body > :last-child { margin-bottom: 0; }
    .entry.mark > .body { font-size: 1rem; color: var(--hand); }
    .mark-remark > .body { font-style: italic; }
    .mark-remark > .body .gap, .mark-remark > .body em { font-style: normal; }
    .entry:is(.mark-check, .mark-query) > .body { font-size: 1.5rem; line-height: 1.1; font-weight: 700; }
    .mark-stamp > .body { display: inline-block; border: 2px solid var(--hand); padding: 0.1rem 0.5rem; margin-top: 0.25rem; letter-spacing: 0.05em; }
    .entry.reported > .body { color: var(--ink); font-size: 0.86rem; }
    .entry.editorial > .body { color: var(--quiet); }

    body:has(.layer-hands:not(:checked)) { --h1: var(--ink); --h2: var(--ink); --h3: var(--ink); --h4: var(--ink); --h5: var(--ink); --h6: var(--ink); --h7: var(--ink);
      --h8: var(--ink); }
    body:has(.layer-hands:not(:checked)) .flow .letter { display: none; }
    body:has(.layer-hands:not(:checked)) .flow [data-letter]::before { content: none; }
    body:has(.layer-editors:not(:checked)) .flow .tei-supplied { --open: none !important; --close: none !important; color: inherit; }
    body:has(.layer-editors:not(:checked)) .flow :is(.entry.editorial, .sign-number.editorial) { display: none; }
    body:has(.layer-editors:checked) .flow :is(.tei-corr, .tei-reg, .tei-expan, .tei-ex, .tei-supplied) { text-decoration: underline dashed var(--quiet) 0.06em;
      text-underline-offset: 0.25em; }
    body:has(.layer-names:not(:checked)) .flow a[href^="#name:"] { text-decoration: none; }
    body:has(.layer-notes:not(:checked)) .flow :is(.margin, .sign-number) { display: none; }
    body:has(.layer-images:checked) .facsimile { display: block; margin: 0.2rem 0 0.8rem; }
    body:has(.layer-images:checked) .zone-sign { display: inline; }

    [data-beside] .flow :is(div, section, ul, ol, dl, blockquote):not(.passage-text, .copy, .margin *) { display: flow-root; clear: both; }
    [data-beside] .flow .passage-text:not(span, .copy), [data-beside] .flow .has-copy { float: inline-start; width: calc(50% - 0.8rem); clear: inline-start; }
    [data-beside] .flow .copy { float: inline-end; width: calc(50% - 0.8rem); clear: both; }
    [data-beside] .flow .margin { clear: both; float: none; width: auto; margin: 0 0 1rem; }
    [data-beside] .flow .passage > .has-copy { width: calc(50% - 0.8rem); }

    .below { border-top: 1px solid var(--rule); margin-top: 2rem; padding-top: 1.2rem; font-size: 0.9rem; clear: both; }
    .below p { margin: 0 0 0.3rem; }
    .apparatus ul { list-style: none; margin: 0 0 0.6rem; padding: 0; } .apparatus h3 { font-size: 0.9rem; margin: 0.6rem 0 0.3rem; }
    .left-out ul { list-style: none; margin: 0.6rem 0 0; padding: 0; }
    .left-out li { padding-left: 2.6rem; text-indent: -2.6rem; margin-bottom: 0.35rem; }
    .left-out li > * { text-indent: 0; }
    .left-out .number { display: inline-block; width: 2.2rem; text-align: right; margin-right: 0.4rem; }
    .left-out .lead { color: var(--quiet); }
    .left-out div.body { margin: 0.2rem 0 0.6rem; }
    summary { cursor: pointer; }
    footer { border-top: 1px solid var(--rule); margin-top: 2rem; padding-top: 0.8rem; font-size: 0.8rem; color: var(--quiet); }
    .results mark { background: var(--target); color: inherit; } .results p { margin: 0.1rem 0 0.7rem; } input[type=search] { font: inherit; margin-inline-start: 0.4rem; }
    .documents { padding-left: 2rem; } .documents li { margin-bottom: 1.2rem; } .documents p { margin: 0; }
    .scrolled { overflow-x: auto; margin-bottom: 1.5rem; } .counts-table { border-collapse: collapse; font-size: 0.88rem; }
    .counts-table th, .counts-table td { padding: 0.2rem 0.7rem 0.2rem 0; text-align: left; font-weight: normal; vertical-align: top; } .counts-table thead th { font-weight: 600; } .counts-table tbody th { min-width: 12rem; } .counts-table td { white-space: nowrap; }
    .documents .title { font-weight: 600; } .facts { font-size: 0.88rem; color: var(--quiet); } .readers { padding-left: 1.2rem; }

    @media screen and (min-width: 44rem) {
      .menu .panel { inset-inline: 0 auto; width: max-content; max-width: 27rem; }
    }
    @media screen and (min-width: 64rem) {
      .document { max-width: 60rem; padding: 3rem 1.5rem 5rem; }
      .document header { display: grid; grid-template-columns: 36rem 18rem; column-gap: 2.5rem; }
      .document .legend { margin: 0.4rem 0 0; }
      .document .flow, .document .policy, .document .below { width: 36rem; }
      .document .flow :is(p, div, section, h3, h4, h5, h6, ul, ol, li, dl, dt, dd, blockquote, figure, table) { clear: left; }
      .document .flow .passage > :first-child { float: left; width: 100%; }
      .document .flow .margin { float: right; clear: right; width: 18rem; margin: 0 -20.5rem 0.2rem 0; }
      .document .flow .margin * { clear: none; }
      .document .flow .facsimile { float: right; clear: right; width: 18rem; margin: 0 -20.5rem 0.6rem 0; }
      .document[data-beside] .flow { width: auto; }
      .document[data-beside] .flow .facsimile { float: none; width: auto; margin: 0 0 0.6rem; }
      .document[data-beside] .flow .margin { float: none; width: auto; margin: 0 0 1rem; clear: both; }
      .document[data-beside] .flow .passage > :first-child { width: calc(50% - 0.8rem); }
      .document[data-beside] .flow .passage > .copy:first-child { float: inline-end; }
      .document[data-beside] .flow .copy { clear: both; }
    }
    @media print {
      :root { --paper: #fff; --ink: #000; --quiet: #333; --rule: #999; --box: #fff; --link: #000; --target: transparent;
        --h1: #000; --h2: #000; --h3: #000; --h4: #000; --h5: #000; --h6: #000; --h7: #000; --h8: #000; }
      html { font-size: 10.5pt; }
      body { max-width: none; padding: 0; }
      .skip, .tools, summary, .works, .facsimile, .zone-sign { display: none !important; }
      a { text-decoration: none; }
      .entry { float: footnote; border: 0; border-top: 1px solid #999; padding: 0.2rem 0; font-size: 0.8rem; break-inside: avoid; }
      .entry.note { border-left: 0; }
      .margin { margin-left: 2rem; }
      .flow a[href^="#name:"] { text-decoration: none; }
      h1, h2, h3, h4, h5, h6 { break-after: avoid; }
      .below { break-before: auto; }
      details::details-content { content-visibility: visible; }
    }
    @media (prefers-reduced-motion: no-preference) {
      html { scroll-behavior: smooth; }
    }

    """

/// What the page of a collation has besides.
let collationStylesheet: PageCode = """
    .collation { max-width: 90rem; }
    .collation header, .collation .below { max-width: 46rem; }
    .collation header dt { font-weight: 600; color: var(--ink); }
    .witnesses-table { border-collapse: collapse; width: 100%; table-layout: fixed; }
    .witnesses-table :is(th, td) { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.6rem 0; }
    .witnesses-table th { border-bottom: 1px solid var(--rule); position: sticky; top: 0; background: var(--paper); }
    mark { background: var(--box); color: inherit; text-decoration: underline var(--quiet) 0.06em; text-underline-offset: 0.2em; }
    mark.nothing { text-decoration: none; color: var(--quiet); font-size: 0.85em; }
    mark:target { outline: 2px solid var(--link); }
    .variants { padding-left: 2.4rem; } .variants li { margin-bottom: 0.3rem; } .variants a { text-decoration: none; }
    @media screen and (max-width: 44rem) {
      .witnesses-table :is(tbody, tr, td) { display: block; }
      .witnesses-table thead { display: none; }
      .witnesses-table tr { border-top: 1px solid var(--rule); }
      .witnesses-table td::before { content: attr(data-siglum); display: block; font: 600 0.72rem/1.4 system-ui, sans-serif; color: var(--quiet); }
    }

    """
