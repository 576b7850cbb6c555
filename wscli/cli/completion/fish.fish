# The completion of wscli for fish. Made by `wscli completion fish`: change wscli/cli/completion/ instead.
# It asks no network: the words are below, further symbols come from the file that `wscli EXCHANGE symbols refresh`
# writes. A row is a key, a word and its meaning, with tabs between them.

set -g __wscli_rows \
@DATA@

# KEY: prints its words, each with its meaning behind a tab.
function __wscli_look_up
    string replace -fr '^'(string escape --style=regex -- $argv[1])'\t' '' -- $__wscli_rows
end

# KEY: prints its words alone.
function __wscli_names
    __wscli_look_up $argv[1] | string replace -r '\t.*' ''
end


# EXCHANGE LOOK: prints its symbols that look so. Of the file only words that can be symbols are taken.
function __wscli_symbols
    set -l base $HOME/.cache
    test -n "$XDG_CACHE_HOME"; and set base $XDG_CACHE_HOME
    set -l file $base/wscli/symbols/$argv[1].txt
    begin
        __wscli_names "markets $argv[1]"
        test -f $file -a -r $file; and head -c 262144 <$file | string match -r '^[A-Za-z0-9._:-]{1,40}$'
    end | string match -- $argv[2]
end

# FLAG EXCHANGE TOKEN: prints what may stand behind a flag.
function __wscli_value
    switch "$(__wscli_names "takes $argv[1]")"
        case words
            __wscli_look_up "value $argv[1]"
        case files
            __fish_complete_path $argv[3]
        case channels
            __wscli_look_up "first $argv[2] channels"
        case api
            __wscli_look_up "api $argv[2]"
        case symbols
            test -n "$argv[2]"; and __wscli_symbols $argv[2] '*'
        case columns
            set -l lead (string match -r '^(?:.*,)?[+-]?' -- $argv[3])
            printf '%s\n' "$lead"(__wscli_look_up "columns $argv[2]")
    end
end

# WHERE WORD: prints the channel that the word names, and the part that does where it goes on right behind that.
function __wscli_channel
    for each in (__wscli_names "begun $argv[1]")
        if test (string sub -l (string length -- $each) -- $argv[2]) = $each
            __wscli_names "channel $argv[1] $each"
            echo $each
            return
        end
    end
    __wscli_names "channel $argv[1] $argv[2]"
end

# EXCHANGE VERB TOKEN WORDS...: prints channels, symbols, parameters, values.
function __wscli_spoken
    set -l exchange $argv[1]
    set -l where "$argv[1] $argv[2]"
    set -l token $argv[3]
    set -l lead (string match -r '^.*,' -- $token)
    set token (string replace -r '^.*,' '' -- $token)
    set -l channel
    set -l given
    for part in (string split -n , -- $argv[4..] $lead)
        if string match -q '*=*' -- $part
            set -a given (string replace -r '=.*' '=' -- $part)
        else if set -l named (__wscli_channel $where $part)
            set channel $named[1]
            set given
        end
    end
    if test -n "$channel"; and string match -q '*=*' -- $token
        set -l name (string replace -r '=.*' '=' -- $token)
        printf '%s\n' "$lead$name"(__wscli_look_up "values $where $channel $name")
        return
    end
    if test -n "$token"; and set -l begun (__wscli_channel $where $token); and test (count $begun) = 2
        set -l rest (__wscli_look_up "rest $where $begun[2]")
        set -l look (__wscli_names "symbols $where $begun[1]")
        if test -n "$rest"
            printf '%s\n' "$lead"$begun[2]$rest
        else if test -n "$look"
            printf '%s\n' "$lead"$begun[2](__wscli_symbols $exchange $look)
        end
        return
    end
    if test -n "$channel"
        set -l look (__wscli_names "symbols $where $channel")
        set -l found
        test -n "$look"; and set found (__wscli_symbols $exchange $look)
        for row in (__wscli_look_up "params $where $channel")
            contains -- (string replace -r '\t.*' '' -- $row) $given; or set -a found $row
        end
        printf '%s\n' "$lead"$found
        if test -z "$token" -a -n "$found"; or test $argv[2] = query
            return
        end
    end
    printf '%s\n' "$lead"(__wscli_look_up "first $where")
end

# EXCHANGE TOKEN WORDS...: prints what may follow the words, which are no flags.
function __wscli_line
    set -l exchange $argv[1]
    set -l token $argv[2]
    set -l said $argv[3..]
    if test (count $said) = 0
        __wscli_look_up words
    else if test -z "$exchange"
        set -l found
        if test (count $said) = 1 -o $said[1] = simulate
            set found (__wscli_look_up "after $said[1]")
        else if test (count $said) = 2 -a $said[1] = help
            set found (__wscli_look_up "first $said[2] channels")
        end
        if string match -q '/files*' -- $found
            __fish_complete_path $token
        else
            printf '%s\n' $found
        end
    else if test (count $said) = 1
        __wscli_look_up verbs
    else
        switch $said[2]
            case subscribe query book
                __wscli_spoken $exchange $said[2] "$token" $said[3..]
            case unsubscribe doctor
                __wscli_spoken $exchange subscribe "$token" $said[3..]
            case explain
                test (count $said) -gt 2; and __wscli_spoken $exchange subscribe "$token" $said[4..]
            case channels
                test (count $said) = 2; and __wscli_look_up "first $exchange channels"
            case symbols
                test (count $said) = 2; and printf 'refresh\tfetch the list of the exchange\n'
        end
    end
end

function __wscli
    set -l token (commandline -ct)
    set -l said
    set -l flag
    set -l ended
    for word in (commandline -opc)[2..]
        if test -n "$flag"
            set flag
        else if test "$word" = --
            set ended 1
        else if test -z "$ended"; and string match -q -- '-?*' $word
            test -n "$(__wscli_names "takes $word")"; and set flag $word
        else
            set -a said $word
        end
    end
    set -l exchange (__wscli_names "exchange $said[1]")
    if test -n "$flag"
        __wscli_value $flag "$exchange" "$token"
    else if test -z "$ended"; and string match -q -- '-*=*' $token
        set -l name (string replace -r '=.*' '' -- $token)
        printf '%s\n' "$name="(__wscli_value $name "$exchange" (string replace -r '^[^=]*=' '' -- $token))
    else if test -z "$ended"; and string match -q -- '-*' $token
        set -l verb $said[1]
        test -n "$exchange"; and set verb $said[2]
        set -l flags (__wscli_look_up "flags $verb")
        test -n "$flags"; or set flags (__wscli_look_up flags)
        printf '%s\n' $flags
    else
        __wscli_line "$exchange" "$token" $said
    end
end

complete -c wscli -f -a '(__wscli)'
