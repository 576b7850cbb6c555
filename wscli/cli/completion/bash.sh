# The completion of wscli for bash. Made by `wscli completion bash`: change wscli/cli/completion/ instead.
# It starts no program and asks no network: the words are below, further symbols come from the file that
# `wscli EXCHANGE symbols refresh` writes.

# KEY: sets found to its words.
_wscli_look_up() {
    found=()
    case $1 in
@DATA@
    esac
}

# Sets words to the words of the line up to the cursor, as they were before bash cut them at = and :.
_wscli_words() {
    local at part gone here rest=$COMP_LINE
    words=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        part=${COMP_WORDS[at]}
        gone=${rest%%[![:space:]]*}
        rest=${rest#"$gone"}
        if ((at == COMP_CWORD)); then
            here=$((COMP_POINT - ${#COMP_LINE} + ${#rest}))
            part=${part:0:here > 0 ? here : 0}
        fi
        if [[ $at -eq 0 || -n $gone || -z $part ]]; then
            words+=("$part")
        else
            words[${#words[@]} - 1]+=$part
        fi
        rest=${rest#"$part"}
    done
}

# Offers those of found that begin with what is typed, behind lead.
_wscli_offer() {
    local word
    for word in "${found[@]}"; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$lead$word")
    done
    return 0
}

# LOOK: offers the exchange's symbols that look so. Of the file only words that can be symbols are taken.
_wscli_symbols() {
    local word lines=() IFS=$'\n' file=${XDG_CACHE_HOME:-$HOME/.cache}/wscli/symbols/$exchange.txt
    _wscli_look_up "markets $exchange"
    [[ -f $file && -r $file ]] && read -r -n 262144 -d '' -a lines <"$file"
    for word in "${found[@]}" "${lines[@]}"; do
        # shellcheck disable=SC2053  # $1 is a pattern
        [[ $word == "$cur"* && $word == $1 && $word != *[!A-Za-z0-9._:-]* && ${#word} -le 40 ]] &&
            COMPREPLY+=("$lead$word")
    done
}

_wscli_files() {
    compopt -o filenames 2>/dev/null
    local file
    while IFS= read -r file; do
        COMPREPLY+=("$lead$file")
    done < <(compgen -f -- "$cur")
}

# FLAG: offers what may stand behind it.
_wscli_value() {
    _wscli_look_up "takes $1"
    case ${found[0]-} in
        words) _wscli_look_up "value $1" && _wscli_offer ;;
        files) _wscli_files ;;
        channels) _wscli_look_up "first $exchange channels" && _wscli_offer ;;
        api) _wscli_look_up "api $exchange" && _wscli_offer ;;
        symbols) [[ -n $exchange ]] && _wscli_symbols '*' ;;
        columns)
            [[ $cur == *,* ]] && { lead+=${cur%,*},; cur=${cur##*,}; }
            [[ $cur == [+-]* ]] && { lead+=${cur:0:1}; cur=${cur:1}; }
            _wscli_look_up "columns $exchange" && _wscli_offer
            ;;
    esac
}

# WORD: sets channel to the one that it names, and beginning to the part that does where it goes on right behind that;
# unchanged when it names none.
_wscli_channel() {
    local each
    _wscli_look_up "begun $where"
    for each in "${found[@]}"; do
        if [[ $1 == "$each"* ]]; then
            _wscli_look_up "channel $where $each"
            channel=${found[0]-} beginning=$each
            return 0
        fi
    done
    _wscli_look_up "channel $where $1"
    [[ -n ${found[0]-} ]] && channel=${found[0]-} beginning=
}

# VERB WORDS...: offers channels, symbols, parameters, values.
_wscli_spoken() {
    local where="$exchange $1" channel='' beginning='' given=' ' part rest word
    shift
    [[ $cur == *,* ]] && { lead=${cur%,*},; cur=${cur##*,}; }
    for word in "$@" "${lead%,}"; do
        rest=$word,
        while [[ -n $rest ]]; do
            part=${rest%%,*} rest=${rest#*,}
            if [[ $part == *=* ]]; then
                given+="${part%%=*}= "
            elif [[ -n $part ]] && _wscli_channel "$part"; then
                given=' '
            fi
        done
    done
    if [[ -n $channel && $cur == *=* ]]; then
        word=${cur%%=*}= lead+=$word cur=${cur#*=}
        _wscli_look_up "values $where $channel $word"
        _wscli_offer
        return
    fi
    local before=$channel
    if [[ -n $cur ]] && _wscli_channel "$cur" && [[ -n $beginning ]]; then
        lead+=$beginning cur=${cur#"$beginning"}
        _wscli_look_up "rest $where $beginning"
        [[ -n ${found[0]-} ]] && _wscli_offer && return
        _wscli_look_up "symbols $where $channel"
        [[ -n ${found[0]-} ]] && _wscli_symbols "${found[0]-}"
        return
    fi
    channel=$before
    if [[ -n $channel ]]; then
        _wscli_look_up "symbols $where $channel"
        [[ -n ${found[0]-} ]] && _wscli_symbols "${found[0]-}"
        _wscli_look_up "params $where $channel"
        for word in "${found[@]}"; do
            [[ $word == "$cur"* && $given != *" $word "* ]] && COMPREPLY+=("$lead$word")
        done
        [[ -z $cur && ${#COMPREPLY[@]} -gt 0 || $where == *' query' ]] && return
    fi
    _wscli_look_up "first $where"
    _wscli_offer
}

# WORDS...: offers what may follow them, which are no flags.
_wscli_line() {
    local verb=${2-}
    if [[ $# -eq 0 ]]; then
        _wscli_look_up words && _wscli_offer
    elif [[ -z $exchange ]]; then
        [[ $# -eq 1 || $1 == simulate ]] && _wscli_look_up "after $1"
        [[ $# -eq 2 && $1 == help ]] && _wscli_look_up "first $2 channels"
        if [[ ${found[0]-} == /files ]]; then _wscli_files; else _wscli_offer; fi
    elif [[ $# -eq 1 ]]; then
        _wscli_look_up verbs && _wscli_offer
    else
        shift 2
        case $verb in
            subscribe | query | book) _wscli_spoken "$verb" "$@" ;;
            unsubscribe | doctor) _wscli_spoken subscribe "$@" ;;
            explain) [[ $# -gt 0 ]] && shift && _wscli_spoken subscribe "$@" ;;
            channels) [[ $# -eq 0 ]] && _wscli_look_up "first $exchange channels" && _wscli_offer ;;
            symbols) [[ $# -eq 0 ]] && found=(refresh) && _wscli_offer ;;
        esac
    fi
}

_wscli() {
    local words=() found=() said=() cur word flag='' ended='' exchange='' lead=''
    COMPREPLY=()
    _wscli_words
    cur=${words[${#words[@]} - 1]}
    for word in "${words[@]:1:${#words[@]}-2}"; do
        if [[ -n $flag ]]; then
            flag=
        elif [[ $word == -- ]]; then
            ended=1
        elif [[ -z $ended && $word == -?* ]]; then
            _wscli_look_up "takes $word"
            [[ -n ${found[0]-} ]] && flag=$word
        else
            said+=("$word")
        fi
    done
    if [[ -n ${said[0]-} ]]; then
        _wscli_look_up "exchange ${said[0]-}"
        exchange=${found[0]-}
    fi
    found=()
    if [[ -n $flag ]]; then
        _wscli_value "$flag"
    elif [[ -z $ended && $cur == -*=* ]]; then
        lead=${cur%%=*}= cur=${cur#*=}
        _wscli_value "${lead%=}"
    elif [[ -z $ended && $cur == -* ]]; then
        word=${said[0]-}
        [[ -n $exchange ]] && word=${said[1]-}
        _wscli_look_up "flags $word"
        [[ -z ${found[0]-} ]] && _wscli_look_up flags
        _wscli_offer
    else
        _wscli_line "${said[@]}"
    fi
    cur=${words[${#words[@]} - 1]}
    local breaks=${COMP_WORDBREAKS//[!=:]/} at
    if [[ -n $breaks && $cur == *[$breaks]* ]]; then # bash keeps what stands before the last of them
        lead=${cur%"${cur##*[$breaks]}"}
        for at in "${!COMPREPLY[@]}"; do
            COMPREPLY[at]=${COMPREPLY[at]#"$lead"}
        done
    fi
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]-} == *[=._] ]] && compopt -o nospace 2>/dev/null
    return 0
}

complete -F _wscli wscli
