# Completion of netlab's words in fish: netlab completion fish > ~/.config/fish/completions/netlab.fish

function __netlab_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l program $words[1]
    set -l lines ($program completion fish -- $words[2..-1] 2>/dev/null)
    set -l kind $lines[1]
    set -l prefix $lines[2]
    if test "$kind" = words
        for line in $lines[3..-1]
            echo -- $line
        end
        return
    end
    set -l part (string sub --start (math (string length -- "$prefix") + 1) -- "$words[-1]")
    # fish finds files itself, quotes and ~ included.
    set -l found (complete -C"netlab-any-file $part" | string replace -r '\t.*' '')
    if test "$kind" = markdown
        set found (string match -r -- '.*(?:/|\.md|\.markdown|\.mdx)$' $found)
    end
    for file in $found
        echo -- $prefix$file
    end
end

complete -c netlab -e
complete -c netlab -f -a '(__netlab_complete)'
