" Highlights schemes of call distribution. Made by `python -m tests.editors.generate --write`; do not edit.
if exists("b:current_syntax")
  finish
endif

" Where several match at one place, the last one wins.
syntax match callflowSign /[-+*=<>!]/
syntax match callflowTag /\<\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\ze\s\+\("\|file\>\)/
syntax match callflowKeyword /\<\(after\|again\|agent\|all\|also\|another\|answer\|answered\|any\|as\|away\|both\|busy\|call\|callback\|caller\|calls\|change\|closed\|collect\|conference\|confirm\|connect\|declined\|dial\|digits\|each\|else\|empty\|every\|extension\|failed\|fetch\|fewest\|file\|flow\|for\|force\|forget\|from\|full\|goto\|greeting\|group\|guest\|hangup\|idle\|import\|in\|into\|invalid\|key\|language\|last\|limit\|list\|longest\|match\|matching\|max\|menu\|message\|moderator\|music\|needs\|no\|notify\|number\|of\|on\|open\|otherwise\|pause\|pin\|play\|post\|press\|priority\|prompt\|queue\|random\|record\|recording\|region\|reject\|rejected\|release\|remember\|repeat\|resume\|retry\|return\|ring\|robin\|round\|run\|schedule\|scheme\|secret\|set\|silence\|size\|skills\|split\|start\|stop\|tag\|timeout\|timezone\|to\|transfer\|tries\|trouble\|turn\|unavailable\|uninterrupted\|unreachable\|until\|up\|voicemail\|wait\|when\|whisper\|within\|wrap\)\>/
syntax match callflowOperator /\<\(and\|matches\|not\|or\)\>/
syntax match callflowConstant /\<\(false\|none\|true\)\>/
syntax match callflowName /\<\h\w*\>\ze\s*:/
syntax match callflowName /\<\h\w*\(\.\h\w*\)\+/
syntax match callflowNumber /\<\d\+\(\.\d\+\)\?\(ms\|[smhd]\)\?\>/
syntax match callflowKeyword /\<\(goto\|run\)\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowKeyword /\<\(collect\|fetch\|force\|forget\|needs\|queue\|release\|remember\|set\)\>\ze\s\+\h/ nextgroup=callflowGiven skipwhite
syntax match callflowKeyword /\<\(language\|region\)\>\ze\s\+\a/ nextgroup=callflowTags skipwhite
syntax match callflowKeyword /\<press\>\ze\s\+[0-9*"]/ nextgroup=callflowKey skipwhite
syntax match callflowKeyword /^\s*\<\(agent\|group\|list\|prompt\|schedule\)\>\ze\s\+\h/ nextgroup=callflowDeclared skipwhite
syntax match callflowKeyword /^\s*\<flow\>\ze\s\+\h/ nextgroup=callflowFlow skipwhite
syntax match callflowFlow /\h\w*/ contained
syntax match callflowDeclared /\h\w*/ contained
syntax match callflowGiven /\h\w*/ contained
syntax match callflowTags /\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\(\s*,\s*\a\{2,3}\(-[A-Za-z0-9]\{1,8}\)*\>\)*/ contained
syntax match callflowKey /\d\+\|\*\|"[0-9*#]\+"/ contained
syntax region callflowText start=/"/ skip=/\\./ end=/"/ oneline contains=callflowEscape,callflowFilled
syntax match callflowEscape /\\["\\{}n]/ contained
syntax region callflowFilled matchgroup=callflowEscape start=/{/ end=/}/ contained oneline
    \ contains=callflowInner,@callflowValue
syntax match callflowInner /"[^"{}\\]*"/ contained
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
highlight default link callflowInner String
highlight default link callflowEscape SpecialChar
highlight default link callflowFlow Function
highlight default link callflowDeclared Type
highlight default link callflowGiven Identifier
highlight default link callflowName Identifier
highlight default link callflowComment Comment

let b:current_syntax = "callflow"
