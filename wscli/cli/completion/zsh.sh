#compdef wscli
# The completion of wscli for zsh. Made by `wscli completion zsh`: change wscli/cli/completion/ instead.
# It starts no program and asks no network: the words are below, further symbols come from the file that
# `wscli EXCHANGE symbols refresh` writes.

# KEY: sets found to its words and meant to what they mean.
_wscli_look_up() {
    found=() meant=()
    case $1 in
@DATA@
    esac
}

# WHAT THEY ARE: offers found. What a word must follow at once stands without a space behind it.
_wscli_offer() {
    local -a plain open
    local at row
    for ((at = 1; at <= $#found; at++)); do
        row=${found[at]//:/\\:}${meant[at]:+:${meant[at]}}
        if [[ $found[at] == *[=._] ]]; then open+=("$row"); else plain+=("$row"); fi
    done
    _describe -t "$1" "$1" plain -- open -S ''
}

# LOOK: offers the exchange's symbols that look so. Of the file only words that can be symbols are taken.
_wscli_symbols() {
    local look=$1 text file=${XDG_CACHE_HOME:-$HOME/.cache}/wscli/symbols/$exchange.txt
    local -aU known
    _wscli_look_up "markets $exchange"
    known=($found)
    if [[ -f $file && -r $file ]] && zmodload -F zsh/system b:sysread 2>/dev/null; then
        sysread -s 262144 text <$file && known+=(${${${(f)text}:#*[^A-Za-z0-9._:-]*}:#?????????????????????????????????????????*})
    fi
    known=(${(M)known:#${~look}})
    local why
    _wanted symbols why symbol compadd -a known
}

# FLAG: offers what may stand behind it.
_wscli_value() {
    _wscli_look_up "takes $1"
    case $found[1] in
        words) _wscli_look_up "value $1" && _wscli_offer value ;;
        files) _files ;;
        channels) _wscli_look_up "first $exchange channels" && _wscli_offer channel ;;
        api) _wscli_look_up "api $exchange" && _wscli_offer api ;;
        symbols) [[ -n $exchange ]] && _wscli_symbols '*' ;;
        columns) compset -P '*,'; compset -P '[+-]'; _wscli_look_up "columns $exchange" && _wscli_offer column ;;
        *) _message 'a value' ;;
    esac
}

# WORD: sets channel to the one that it names, and beginning to the part that does where it goes on right behind that;
# unchanged when it names none.
_wscli_channel() {
    local each
    _wscli_look_up "begun $where"
    for each in $found; do
        if [[ $1 == "$each"* ]]; then
            _wscli_look_up "channel $where $each"
            channel=$found[1] beginning=$each
            return 0
        fi
    done
    _wscli_look_up "channel $where $1"
    [[ -n $found[1] ]] && channel=$found[1] beginning=
}

# VERB WORDS...: offers channels, symbols, parameters, values.
_wscli_spoken() {
    local where="$exchange $1" channel='' beginning='' given=' ' part word before='' offered=''
    shift
    [[ $PREFIX == *,* ]] && before=${PREFIX%,*} && compset -P '*,'
    for word in "$@" "$before"; do
        for part in ${(s:,:)word}; do
            if [[ $part == *=* ]]; then
                given+="${part%%=*}= "
            elif _wscli_channel "$part"; then
                given=' '
            fi
        done
    done
    if [[ -n $channel && $PREFIX == *=* ]]; then
        word=${PREFIX%%=*}=
        compset -p $#word
        _wscli_look_up "values $where $channel $word"
        _wscli_offer value
        return
    fi
    before=$channel
    if [[ -n $PREFIX ]] && _wscli_channel "$PREFIX" && [[ -n $beginning ]]; then
        compset -p $#beginning
        _wscli_look_up "rest $where $beginning"
        [[ -n $found[1] ]] && { _wscli_offer channel; return }
        _wscli_look_up "symbols $where $channel"
        [[ -n $found[1] ]] && _wscli_symbols "$found[1]"
        return
    fi
    channel=$before
    if [[ -n $channel ]]; then
        _wscli_look_up "symbols $where $channel"
        [[ -n $found[1] ]] && offered=1 && _wscli_symbols "$found[1]"
        _wscli_look_up "params $where $channel"
        local -a names=($found) meanings=($meant)
        found=() meant=()
        for ((part = 1; part <= $#names; part++)); do
            [[ $given != *" $names[part] "* ]] && found+=("$names[part]") meant+=("$meanings[part]")
        done
        (($#found)) && offered=1 && _wscli_offer parameter
        [[ -z $PREFIX && -n $offered || $where == *' query' ]] && return
    fi
    _wscli_look_up "first $where"
    _wscli_offer channel
}

# WORDS...: offers what may follow them, which are no flags.
_wscli_line() {
    local verb=$2
    if (($# == 0)); then
        _wscli_look_up words && _wscli_offer 'exchange or command'
    elif [[ -z $exchange ]]; then
        found=()
        (($# == 1)) || [[ $1 == simulate ]] && _wscli_look_up "after $1"
        (($# == 2)) && [[ $1 == help ]] && _wscli_look_up "first $2 channels"
        if [[ $found[1] == /files ]]; then _files; else _wscli_offer word; fi
    elif (($# == 1)); then
        _wscli_look_up verbs && _wscli_offer verb
    else
        shift 2
        case $verb in
            subscribe | query | book) _wscli_spoken $verb "$@" ;;
            unsubscribe | doctor) _wscli_spoken subscribe "$@" ;;
            explain) (($#)) && shift && _wscli_spoken subscribe "$@" ;;
            channels) (($#)) || { _wscli_look_up "first $exchange channels" && _wscli_offer channel } ;;
            symbols) (($#)) || { found=(refresh) meant=('fetch the list of the exchange') && _wscli_offer action } ;;
        esac
    fi
}

_wscli() {
    local -a found meant said
    local word flag='' ended='' exchange=''
    for word in "${(@)words[2,CURRENT-1]}"; do
        if [[ -n $flag ]]; then
            flag=
        elif [[ $word == -- ]]; then
            ended=1
        elif [[ -z $ended && $word == -?* ]]; then
            _wscli_look_up "takes $word"
            [[ -n $found[1] ]] && flag=$word
        else
            said+=("$word")
        fi
    done
    if [[ -n $said[1] ]]; then
        _wscli_look_up "exchange $said[1]"
        exchange=$found[1]
    fi
    if [[ -n $flag ]]; then
        _wscli_value $flag
    elif [[ -z $ended && $PREFIX == -*=* ]]; then
        flag=${PREFIX%%=*}
        compset -P '*='
        _wscli_value $flag
    elif [[ -z $ended && $PREFIX == -* ]]; then
        word=$said[1]
        [[ -n $exchange ]] && word=$said[2]
        _wscli_look_up "flags $word"
        (($#found)) || _wscli_look_up flags
        _wscli_offer flag
    else
        _wscli_line "${(@)said}"
    fi
}

if [[ $funcstack[1] == _wscli ]]; then
    _wscli "$@"
elif (($+functions[compdef])); then
    compdef _wscli wscli
else
    print -ru2 'wscli: the completion needs compinit before it: autoload -Uz compinit; compinit'
fi
