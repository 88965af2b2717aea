" Highlights schemes of call distribution. Made by `python -m tests.editors.generate --write`; do not edit.
if exists("b:current_syntax")
  finish
endif

" Where several match at one place, the last one wins.
syntax match callflowSign /[-+*=<>!]/
syntax match callflowTag /\<\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\ze\s\+\("\|file\>\)/
syntax match callflowKeyword /\<\(again\|agent\|all\|answer\|answered\|both\|busy\|call\|caller\|closed\|connect\|declined\|dial\|each\|else\|extension\|failed\|file\|flow\|for\|goto\|greeting\|group\|hangup\|in\|invalid\|language\|max\|menu\|music\|no\|number\|open\|otherwise\|pause\|play\|press\|prompt\|record\|region\|reject\|rejected\|retry\|ring\|schedule\|scheme\|set\|silence\|start\|timeout\|timezone\|tries\|turn\|unavailable\|uninterrupted\|unreachable\|voicemail\|wait\|when\)\>/
syntax match callflowOperator /\<\(and\|matches\|not\|or\)\>/
syntax match callflowConstant /\<\(false\|none\|true\)\>/
syntax match callflowName /\<\h\w*\>\ze\s*:/
syntax match callflowName /\<\h\w*\(\.\h\w*\)\+/
syntax match callflowNumber /\<\d\+\(\.\d\+\)\?\(ms\|[smhd]\)\?\>/
syntax match callflowKeyword /\<\(goto\)\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowKeyword /\<\(set\)\>\ze\s\+\h/ nextgroup=callflowGiven skipwhite
syntax match callflowKeyword /\<\(language\|region\)\>\ze\s\+\a/ nextgroup=callflowTags skipwhite
syntax match callflowKeyword /\<press\>\ze\s\+[0-9*"]/ nextgroup=callflowKey skipwhite
syntax match callflowKeyword /^\s*\<\(agent\|group\|prompt\|schedule\)\>\ze\s\+\h/ nextgroup=callflowDeclared skipwhite
syntax match callflowKeyword /^\s*\<flow\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowFlow /\h\w*/ contained
syntax match callflowDeclared /\h\w*/ contained
syntax match callflowGiven /\h\w*/ contained
syntax match callflowTags /\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\(\s*,\s*\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\)*/ contained
syntax match callflowKey /\d\+\|\*\|"[0-9*#]\+"/ contained
syntax region callflowText start=/"/ skip=/\\./ end=/"/ oneline contains=callflowEscape,callflowFilled
syntax match callflowEscape /\\["\\{}n]/ contained
syntax region callflowFilled matchgroup=callflowEscape start=/{/ end=/}/ contained oneline contains=@callflowValue
syntax cluster callflowValue contains=callflowKeyword,callflowOperator,callflowConstant,callflowName
syntax cluster callflowValue add=callflowNumber,callflowSign
syntax match callflowComment /#.*$/ contains=@Spell

highlight default link callflowKeyword Statement
highlight default link callflowOperator Operator
highlight default link callflowSign Operator
highlight default link callflowConstant Boolean
highlight default link callflowNumber Number
highlight default link callflowKey Number
highlight default link callflowTag Constant
highlight default link callflowTags Constant
highlight default link callflowText String
highlight default link callflowEscape SpecialChar
highlight default link callflowFlow Function
highlight default link callflowDeclared Type
highlight default link callflowGiven Identifier
highlight default link callflowName Identifier
highlight default link callflowComment Comment

let b:current_syntax = "callflow"
