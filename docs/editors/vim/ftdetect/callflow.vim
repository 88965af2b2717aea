autocmd BufRead,BufNewFile *.flow set filetype=callflow
