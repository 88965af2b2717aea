" Indents blocks as `callflow fmt` does.
if exists("b:did_indent")
  finish
endif
let b:did_indent = 1

setlocal indentexpr=CallflowIndent() indentkeys=0},!^F,o,O
let b:undo_indent = "setlocal indentexpr< indentkeys<"

if exists("*CallflowIndent")
  finish
endif

function CallflowIndent() abort
  let before = prevnonblank(v:lnum - 1)
  let opened = getline(before) =~# '^[^"#]*\("[^"]*"[^"#]*\)*{\s*\(#.*\)\?$'
  let closes = getline(v:lnum) =~# '^\s*}'
  return max([0, indent(before) + (opened - closes) * shiftwidth()])
endfunction
