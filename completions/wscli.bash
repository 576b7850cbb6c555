# The completion of wscli for bash. Made by `wscli completion bash`: change wscli/cli/completion/ instead.
# It starts no program and asks no network: the words are below, further symbols come from the file that
# `wscli EXCHANGE symbols refresh` writes.

# KEY: sets found to its words.
_wscli_look_up() {
    found=()
    case $1 in
        words) found=(bitfinex bitstamp whitebit bybit digifinex exchanges styles replay connect simulate completion config help) ;;
        'exchange bitfinex') found=(bitfinex) ;;
        'after simulate') found=(bitfinex bitstamp whitebit bybit digifinex) ;;
        'exchange bitstamp') found=(bitstamp) ;;
        'exchange whitebit') found=(whitebit) ;;
        'exchange bybit') found=(bybit) ;;
        'exchange digifinex') found=(digifinex) ;;
        verbs) found=(subscribe unsubscribe query book ping auth send channels explain doctor symbols) ;;
        'after completion') found=(bash zsh fish) ;;
        'after replay') found=(/files) ;;
        'after config') found=(path edit init) ;;
        'after help') found=(exchanges styles replay connect simulate completion config help subscribe unsubscribe query book ping auth send channels explain doctor symbols bitfinex bitstamp whitebit bybit digifinex quickstart subscribing symbol-lists filters formats tables order-books recording reconnecting private-channels configuration prompt scripting any-websocket typing-messages proxies-and-tls simulator exchanges-and-apis exit-statuses troubleshooting glossary faq) ;;
        flags) found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output --columns --time --group-digits --csv-safe --all --where --grep --symbol --channel --kind --query --on --exec --bell -n --count --rows --for --until --wait --timeout --no-reconnect --retry --stale --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --keep-going --save --no-config -v --verbose -q --quiet --version -h --help) ;;
        'takes --url') found=(any) ;;
        'takes --seed') found=(any) ;;
        'takes --fault') found=(words) ;;
        'value --fault') found=(gap crossed checksum stale restart reconnect) ;;
        'takes --api') found=(api) ;;
        'takes --product') found=(any) ;;
        'takes -o') found=(words) ;;
        'value -o') found=(json pretty rows table event csv raw) ;;
        'takes --output') found=(words) ;;
        'value --output') found=(json pretty rows table event csv raw) ;;
        'takes --columns') found=(columns) ;;
        'takes --time') found=(words) ;;
        'value --time') found=(utc local short exchange none) ;;
        'takes --where') found=(any) ;;
        'takes --grep') found=(any) ;;
        'takes --symbol') found=(symbols) ;;
        'takes --channel') found=(channels) ;;
        'takes --kind') found=(words) ;;
        'value --kind') found=(reply snapshot unknown update) ;;
        'takes --query') found=(any) ;;
        'takes --on') found=(any) ;;
        'takes --exec') found=(any) ;;
        'takes -n') found=(any) ;;
        'takes --count') found=(any) ;;
        'takes --rows') found=(any) ;;
        'takes --for') found=(any) ;;
        'takes --until') found=(any) ;;
        'takes --wait') found=(any) ;;
        'takes --timeout') found=(any) ;;
        'takes --retry') found=(any) ;;
        'takes --stale') found=(any) ;;
        'takes --record') found=(files) ;;
        'takes --proxy') found=(any) ;;
        'takes -H') found=(any) ;;
        'takes --header') found=(any) ;;
        'takes --cacert') found=(files) ;;
        'takes --profile') found=(any) ;;
        'takes --color') found=(words) ;;
        'value --color') found=(auto always never) ;;
        'takes --style') found=(words) ;;
        'value --style') found=(wscli abap algol algol_nu arduino autumn borland bw colorful default dracula emacs friendly friendly_grayscale fruity github-dark gruvbox-dark gruvbox-light igor inkpot lightbulb lilypond lovelace manni material monokai murphy native nord nord-darker one-dark paraiso-dark paraiso-light pastie perldoc rainbow_dash rrt sas solarized-dark solarized-light staroffice stata-dark stata-light tango trac vim vs xcode zenburn) ;;
        'flags exchanges') found=(-o --output --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags styles') found=(-o --output --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags replay') found=(--api -o --output --columns --time --group-digits --csv-safe --all --where --grep --symbol --channel --kind --query --on --exec --bell -n --count --rows --for --until --color --style --no-config -v --verbose -q --quiet --exchange --speed --explain --verify -h --help) ;;
        'takes --exchange') found=(words) ;;
        'value --exchange') found=(bitfinex bitstamp whitebit bybit digifinex) ;;
        'takes --speed') found=(any) ;;
        'flags connect') found=(--dry-run -o --output --all --where --grep --query --on --exec --bell -n --count --for --until --wait --timeout --no-reconnect --retry --record --record-required --proxy -H --header --cacert --insecure --color --style --no-config -v --verbose -q --quiet -x --subprotocol --origin --cert --key --key-passphrase-file --sni --unix-socket --ping --binary --inflate --every --answer --send-as -h --help) ;;
        'takes -x') found=(any) ;;
        'takes --subprotocol') found=(any) ;;
        'takes --origin') found=(any) ;;
        'takes --cert') found=(files) ;;
        'takes --key') found=(files) ;;
        'takes --key-passphrase-file') found=(files) ;;
        'takes --sni') found=(any) ;;
        'takes --unix-socket') found=(files) ;;
        'takes --ping') found=(any) ;;
        'takes --binary') found=(words) ;;
        'value --binary') found=(hex base64 raw) ;;
        'takes --inflate') found=(words) ;;
        'value --inflate') found=(auto gzip zlib deflate) ;;
        'takes --every') found=(any) ;;
        'takes --answer') found=(any) ;;
        'takes --send-as') found=(words) ;;
        'value --send-as') found=(text hex base64) ;;
        'flags simulate') found=(--seed --fault -o --output --color --style --no-config -v --verbose -q --quiet --port --rate --until-eof -h --help) ;;
        'takes --port') found=(any) ;;
        'takes --rate') found=(any) ;;
        'flags completion') found=(--color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags config') found=(-o --output --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags help') found=(--api --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags subscribe') found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output --columns --time --group-digits --csv-safe --all --where --grep --symbol --channel --kind --query --on --exec --bell -n --count --rows --for --until --wait --timeout --no-reconnect --retry --stale --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags unsubscribe') found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output --all --wait --timeout --no-reconnect --retry --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet --all-symbols -h --help) ;;
        'flags query') found=(--sim --testnet --url --seed --fault --api --dry-run -o --output --columns --time --group-digits --csv-safe --all --where --grep --symbol --channel --kind --query -n --count --rows --wait --timeout --no-reconnect --retry --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags book') found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output -n --count --for --wait --timeout --no-reconnect --retry --stale --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet --depth --verify -h --help) ;;
        'takes --depth') found=(any) ;;
        'flags ping') found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output --all --wait --timeout --no-reconnect --retry --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags auth') found=(--sim --testnet --url --seed --fault --api --dry-run -o --output --all --wait --timeout --no-reconnect --retry --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags send') found=(--sim --testnet --url --seed --fault --api --product --dry-run -o --output --columns --time --group-digits --csv-safe --all --where --grep --symbol --channel --kind --query --on --exec --bell -n --count --rows --for --until --wait --timeout --no-reconnect --retry --stale --record --record-required --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags channels') found=(--sim --testnet --url --api --product -o --output --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags explain') found=(--sim --testnet --url --api --product -o --output --columns --time --group-digits --csv-safe --where --grep --symbol --channel --kind -n --count --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags doctor') found=(--sim --testnet --url --seed --api --product -o --output --wait --timeout --proxy -H --header --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'flags symbols') found=(--sim --testnet --url --seed --api --product --dry-run -o --output --wait --timeout --proxy --cacert --insecure --profile --color --style --no-config -v --verbose -q --quiet -h --help) ;;
        'api bitfinex') found=(v2 v1) ;;
        'markets bitfinex') found=(tBTCUSD tETHUSD tLTCUSD tXRPUSD tSOLUSD tZECUSD tBTCUST tETHUST tLTCUST tXRPUST tSOLUST tBTCEUR tETHEUR tETHBTC tBTCF0:USTF0 fUSD fBTC BTCUSD ETHUSD LTCUSD XRPUSD SOLUSD ZECUSD BTCUST ETHUST LTCUST XRPUST SOLUST BTCEUR ETHEUR ETHBTC LTCBTC) ;;
        'columns bitfinex') found=(lag exchange kind channel symbol last bid bid_size ask ask_size volume high low change change_ratio first_trade time sequence timestamp frr bid_period ask_period frr_amount_available side price size trade_id tag rate period prec freq len action count order_id checksum interval open close mark_price deriv_price spot_price current_funding next_funding_time next_funding_accrued next_funding_step open_interest insurance_fund clamp_min clamp_max base_price position_id is_match is_market_sold type seq) ;;
        'first bitfinex subscribe') found=(ticker trades book candles trade: status account) ;;
        'first bitfinex channels') found=(ticker trades book candles status account) ;;
        'channel bitfinex subscribe ticker') found=(ticker) ;;
        'symbols bitfinex subscribe ticker') found=('*') ;;
        'params bitfinex subscribe ticker') found=(subId= flags=) ;;
        'values bitfinex subscribe ticker flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex subscribe trades') found=(trades) ;;
        'symbols bitfinex subscribe trades') found=('*') ;;
        'params bitfinex subscribe trades') found=(subId= flags=) ;;
        'values bitfinex subscribe trades flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex subscribe book') found=(book) ;;
        'symbols bitfinex subscribe book') found=('*') ;;
        'params bitfinex subscribe book') found=(prec= freq= len= subId= flags=) ;;
        'values bitfinex subscribe book prec=') found=(P0 P1 P2 P3 P4 R0) ;;
        'values bitfinex subscribe book freq=') found=(F0 F1) ;;
        'values bitfinex subscribe book len=') found=(1 25 100 250) ;;
        'values bitfinex subscribe book flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex subscribe candles') found=(candles) ;;
        'params bitfinex subscribe candles') found=(timeframe= subId= flags=) ;;
        'values bitfinex subscribe candles timeframe=') found=(1m 5m 15m 30m 1h 3h 6h 12h 1D 1W 14D 1M) ;;
        'values bitfinex subscribe candles flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex subscribe trade:') found=(candles) ;;
        'channel bitfinex subscribe trade:1m:') found=(candles) ;;
        'channel bitfinex subscribe trade:5m:') found=(candles) ;;
        'channel bitfinex subscribe trade:15m:') found=(candles) ;;
        'channel bitfinex subscribe trade:30m:') found=(candles) ;;
        'channel bitfinex subscribe trade:1h:') found=(candles) ;;
        'channel bitfinex subscribe trade:3h:') found=(candles) ;;
        'channel bitfinex subscribe trade:6h:') found=(candles) ;;
        'channel bitfinex subscribe trade:12h:') found=(candles) ;;
        'channel bitfinex subscribe trade:1D:') found=(candles) ;;
        'channel bitfinex subscribe trade:1W:') found=(candles) ;;
        'channel bitfinex subscribe trade:14D:') found=(candles) ;;
        'channel bitfinex subscribe trade:1M:') found=(candles) ;;
        'rest bitfinex subscribe trade:') found=(1m: 5m: 15m: 30m: 1h: 3h: 6h: 12h: 1D: 1W: 14D: 1M:) ;;
        'channel bitfinex subscribe key=trade:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:1m:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:5m:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:15m:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:30m:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:1h:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:3h:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:6h:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:12h:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:1D:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:1W:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:14D:') found=(candles) ;;
        'channel bitfinex subscribe key=trade:1M:') found=(candles) ;;
        'rest bitfinex subscribe key=trade:') found=(1m: 5m: 15m: 30m: 1h: 3h: 6h: 12h: 1D: 1W: 14D: 1M:) ;;
        'channel bitfinex subscribe status') found=(status) ;;
        'params bitfinex subscribe status') found=(subId= flags=) ;;
        'values bitfinex subscribe status flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex subscribe key=') found=(status) ;;
        'channel bitfinex subscribe account') found=(account) ;;
        'params bitfinex subscribe account') found=(filter= dms= flags=) ;;
        'values bitfinex subscribe account filter=') found=(trading funding wallet algo balance notify) ;;
        'values bitfinex subscribe account dms=') found=(4) ;;
        'values bitfinex subscribe account flags=') found=(timestamp sequence checksum bulk) ;;
        'first bitfinex book') found=(book tBTCUSD tETHUSD tLTCUSD tXRPUSD tSOLUSD tZECUSD tBTCUST tETHUST tLTCUST tXRPUST tSOLUST tBTCEUR tETHEUR tETHBTC tBTCF0:USTF0 fUSD fBTC BTCUSD ETHUSD LTCUSD XRPUSD SOLUSD ZECUSD BTCUST ETHUST LTCUST XRPUST SOLUST BTCEUR ETHEUR ETHBTC LTCBTC) ;;
        'channel bitfinex book book') found=(book) ;;
        'symbols bitfinex book book') found=('*') ;;
        'params bitfinex book book') found=(prec= freq= len= subId= flags=) ;;
        'values bitfinex book book prec=') found=(P0 P1 P2 P3 P4 R0) ;;
        'values bitfinex book book freq=') found=(F0 F1) ;;
        'values bitfinex book book len=') found=(1 25 100 250) ;;
        'values bitfinex book book flags=') found=(timestamp sequence checksum bulk) ;;
        'channel bitfinex book tBTCUSD') found=(book) ;;
        'channel bitfinex book tETHUSD') found=(book) ;;
        'channel bitfinex book tLTCUSD') found=(book) ;;
        'channel bitfinex book tXRPUSD') found=(book) ;;
        'channel bitfinex book tSOLUSD') found=(book) ;;
        'channel bitfinex book tZECUSD') found=(book) ;;
        'channel bitfinex book tBTCUST') found=(book) ;;
        'channel bitfinex book tETHUST') found=(book) ;;
        'channel bitfinex book tLTCUST') found=(book) ;;
        'channel bitfinex book tXRPUST') found=(book) ;;
        'channel bitfinex book tSOLUST') found=(book) ;;
        'channel bitfinex book tBTCEUR') found=(book) ;;
        'channel bitfinex book tETHEUR') found=(book) ;;
        'channel bitfinex book tETHBTC') found=(book) ;;
        'channel bitfinex book tBTCF0:USTF0') found=(book) ;;
        'channel bitfinex book fUSD') found=(book) ;;
        'channel bitfinex book fBTC') found=(book) ;;
        'channel bitfinex book BTCUSD') found=(book) ;;
        'channel bitfinex book ETHUSD') found=(book) ;;
        'channel bitfinex book LTCUSD') found=(book) ;;
        'channel bitfinex book XRPUSD') found=(book) ;;
        'channel bitfinex book SOLUSD') found=(book) ;;
        'channel bitfinex book ZECUSD') found=(book) ;;
        'channel bitfinex book BTCUST') found=(book) ;;
        'channel bitfinex book ETHUST') found=(book) ;;
        'channel bitfinex book LTCUST') found=(book) ;;
        'channel bitfinex book XRPUST') found=(book) ;;
        'channel bitfinex book SOLUST') found=(book) ;;
        'channel bitfinex book BTCEUR') found=(book) ;;
        'channel bitfinex book ETHEUR') found=(book) ;;
        'channel bitfinex book ETHBTC') found=(book) ;;
        'channel bitfinex book LTCBTC') found=(book) ;;
        'api bitstamp') found=(v2) ;;
        'markets bitstamp') found=(btcusd ethusd ltcusd xrpusd solusd zecusd btceur etheur ltceur xrpeur soleur btcusdt ethusdt xrpusdt ethbtc btcusd-perp ethusd-perp ltcusd-perp xrpusd-perp solusd-perp) ;;
        'columns bitstamp') found=(lag exchange kind channel symbol side price size trade_id time buy_order_id sell_order_id order_id event order_type fill_size original_size is_liquidation event_id pre_event_id order_source action funding_rate mark_price index_price next_funding_time announcement_id announcement_type status product product_type reason start_time end_time corporate_action_details multiplier_update_details changed_fields published_at updated_time) ;;
        'first bitstamp subscribe') found=(live_trades live_trades_ live_orders live_orders_ order_book order_book_ detail_order_book detail_order_book_ diff_order_book diff_order_book_ funding_rate funding_rate_ announcements private-my_orders private-my_orders_ private-my_trades private-my_trades_ private-live_trades private-live_trades_ private-live_order_trades private-live_order_trades_ private-my_settlements private-my_liquidations private-my_token_settlements) ;;
        'first bitstamp channels') found=(live_trades live_orders order_book detail_order_book diff_order_book funding_rate announcements private-my_orders private-my_trades private-live_trades private-live_order_trades private-my_settlements private-my_liquidations private-my_token_settlements) ;;
        'channel bitstamp subscribe live_trades') found=(live_trades) ;;
        'symbols bitstamp subscribe live_trades') found=('*') ;;
        'channel bitstamp subscribe live_trades_') found=(live_trades) ;;
        'channel bitstamp subscribe live_orders') found=(live_orders) ;;
        'symbols bitstamp subscribe live_orders') found=('*') ;;
        'channel bitstamp subscribe live_orders_') found=(live_orders) ;;
        'channel bitstamp subscribe order_book') found=(order_book) ;;
        'symbols bitstamp subscribe order_book') found=('*') ;;
        'channel bitstamp subscribe order_book_') found=(order_book) ;;
        'channel bitstamp subscribe detail_order_book') found=(detail_order_book) ;;
        'symbols bitstamp subscribe detail_order_book') found=('*') ;;
        'channel bitstamp subscribe detail_order_book_') found=(detail_order_book) ;;
        'channel bitstamp subscribe diff_order_book') found=(diff_order_book) ;;
        'symbols bitstamp subscribe diff_order_book') found=('*') ;;
        'channel bitstamp subscribe diff_order_book_') found=(diff_order_book) ;;
        'channel bitstamp subscribe funding_rate') found=(funding_rate) ;;
        'symbols bitstamp subscribe funding_rate') found=('*-perp') ;;
        'channel bitstamp subscribe funding_rate_') found=(funding_rate) ;;
        'channel bitstamp subscribe announcements') found=(announcements) ;;
        'channel bitstamp subscribe private-my_orders') found=(private-my_orders) ;;
        'symbols bitstamp subscribe private-my_orders') found=('*') ;;
        'params bitstamp subscribe private-my_orders') found=(user_id=) ;;
        'channel bitstamp subscribe private-my_orders_') found=(private-my_orders) ;;
        'channel bitstamp subscribe my_orders_') found=(private-my_orders) ;;
        'channel bitstamp subscribe private-my_trades') found=(private-my_trades) ;;
        'symbols bitstamp subscribe private-my_trades') found=('*') ;;
        'params bitstamp subscribe private-my_trades') found=(user_id=) ;;
        'channel bitstamp subscribe private-my_trades_') found=(private-my_trades) ;;
        'channel bitstamp subscribe my_trades_') found=(private-my_trades) ;;
        'channel bitstamp subscribe private-live_trades') found=(private-live_trades) ;;
        'symbols bitstamp subscribe private-live_trades') found=('*') ;;
        'params bitstamp subscribe private-live_trades') found=(user_id=) ;;
        'channel bitstamp subscribe private-live_trades_') found=(private-live_trades) ;;
        'channel bitstamp subscribe private-live_order_trades') found=(private-live_order_trades) ;;
        'symbols bitstamp subscribe private-live_order_trades') found=('*') ;;
        'params bitstamp subscribe private-live_order_trades') found=(user_id=) ;;
        'channel bitstamp subscribe private-live_order_trades_') found=(private-live_order_trades) ;;
        'channel bitstamp subscribe private-my_settlements') found=(private-my_settlements) ;;
        'params bitstamp subscribe private-my_settlements') found=(user_id=) ;;
        'channel bitstamp subscribe my_settlements') found=(private-my_settlements) ;;
        'channel bitstamp subscribe private-my_liquidations') found=(private-my_liquidations) ;;
        'params bitstamp subscribe private-my_liquidations') found=(user_id=) ;;
        'channel bitstamp subscribe my_liquidations') found=(private-my_liquidations) ;;
        'channel bitstamp subscribe private-my_token_settlements') found=(private-my_token_settlements) ;;
        'params bitstamp subscribe private-my_token_settlements') found=(user_id=) ;;
        'channel bitstamp subscribe my_token_settlements') found=(private-my_token_settlements) ;;
        'first bitstamp book') found=(order_book order_book_ detail_order_book detail_order_book_ diff_order_book diff_order_book_ btcusd ethusd ltcusd xrpusd solusd zecusd btceur etheur ltceur xrpeur soleur btcusdt ethusdt xrpusdt ethbtc btcusd-perp ethusd-perp ltcusd-perp xrpusd-perp solusd-perp) ;;
        'channel bitstamp book order_book') found=(order_book) ;;
        'symbols bitstamp book order_book') found=('*') ;;
        'channel bitstamp book order_book_') found=(order_book) ;;
        'channel bitstamp book detail_order_book') found=(detail_order_book) ;;
        'symbols bitstamp book detail_order_book') found=('*') ;;
        'channel bitstamp book detail_order_book_') found=(detail_order_book) ;;
        'channel bitstamp book diff_order_book') found=(diff_order_book) ;;
        'symbols bitstamp book diff_order_book') found=('*') ;;
        'channel bitstamp book diff_order_book_') found=(diff_order_book) ;;
        'channel bitstamp book btcusd') found=(order_book) ;;
        'channel bitstamp book ethusd') found=(order_book) ;;
        'channel bitstamp book ltcusd') found=(order_book) ;;
        'channel bitstamp book xrpusd') found=(order_book) ;;
        'channel bitstamp book solusd') found=(order_book) ;;
        'channel bitstamp book zecusd') found=(order_book) ;;
        'channel bitstamp book btceur') found=(order_book) ;;
        'channel bitstamp book etheur') found=(order_book) ;;
        'channel bitstamp book ltceur') found=(order_book) ;;
        'channel bitstamp book xrpeur') found=(order_book) ;;
        'channel bitstamp book soleur') found=(order_book) ;;
        'channel bitstamp book btcusdt') found=(order_book) ;;
        'channel bitstamp book ethusdt') found=(order_book) ;;
        'channel bitstamp book xrpusdt') found=(order_book) ;;
        'channel bitstamp book ethbtc') found=(order_book) ;;
        'channel bitstamp book btcusd-perp') found=(order_book) ;;
        'channel bitstamp book ethusd-perp') found=(order_book) ;;
        'channel bitstamp book ltcusd-perp') found=(order_book) ;;
        'channel bitstamp book xrpusd-perp') found=(order_book) ;;
        'channel bitstamp book solusd-perp') found=(order_book) ;;
        'api whitebit') found=(v4) ;;
        'markets whitebit') found=(BTC_USDT ETH_USDT LTC_USDT XRP_USDT SOL_USDT ZEC_USDT BTC_USD BTC_EUR ETH_EUR BTC_PERP) ;;
        'columns whitebit') found=(lag exchange kind channel symbol interval time open high low close volume quote_volume last period side price size trade_id rpi limit price_interval action update_id past_update_id event_time bid bid_size ask ask_size message_time mark_price index_price funding_rate next_funding_time) ;;
        'first whitebit subscribe') found=(candles candles_subscribe lastprice lastprice_subscribe market market_subscribe marketToday marketToday_subscribe trades trades_subscribe depth depth_subscribe bookTicker bookTicker_subscribe premiumIndex premiumIndex_subscribe balanceSpot balanceSpot_subscribe balanceMargin balanceMargin_subscribe ordersPending ordersPending_subscribe ordersExecuted ordersExecuted_subscribe deals deals_subscribe positionsMargin positionsMargin_subscribe borrowsMargin borrowsMargin_subscribe positionsAccountMargin positionsAccountMargin_subscribe borrowsAccountMargin borrowsAccountMargin_subscribe ADLQuantile ADLQuantile_subscribe) ;;
        'first whitebit channels') found=(candles lastprice market marketToday trades depth bookTicker premiumIndex balanceSpot balanceMargin ordersPending ordersExecuted deals positionsMargin borrowsMargin positionsAccountMargin borrowsAccountMargin ADLQuantile time) ;;
        'channel whitebit subscribe candles') found=(candles) ;;
        'symbols whitebit subscribe candles') found=('*') ;;
        'params whitebit subscribe candles') found=(interval=) ;;
        'values whitebit subscribe candles interval=') found=(1 2 3 4 5 6 10 12 15 20 30 60 120 180 240 300 360 600 720 900 1200 1800 3600 7200 10800 14400 21600 28800 43200 86400 172800 259200 345600 432000 518400 604800 2592000) ;;
        'channel whitebit subscribe candles_subscribe') found=(candles) ;;
        'channel whitebit subscribe candles_update') found=(candles) ;;
        'channel whitebit subscribe lastprice') found=(lastprice) ;;
        'symbols whitebit subscribe lastprice') found=('*') ;;
        'channel whitebit subscribe lastprice_subscribe') found=(lastprice) ;;
        'channel whitebit subscribe lastprice_update') found=(lastprice) ;;
        'channel whitebit subscribe market') found=(market) ;;
        'symbols whitebit subscribe market') found=('*') ;;
        'channel whitebit subscribe market_subscribe') found=(market) ;;
        'channel whitebit subscribe market_update') found=(market) ;;
        'channel whitebit subscribe marketToday') found=(marketToday) ;;
        'symbols whitebit subscribe marketToday') found=('*') ;;
        'channel whitebit subscribe marketToday_subscribe') found=(marketToday) ;;
        'channel whitebit subscribe marketToday_update') found=(marketToday) ;;
        'channel whitebit subscribe trades') found=(trades) ;;
        'symbols whitebit subscribe trades') found=('*') ;;
        'channel whitebit subscribe trades_subscribe') found=(trades) ;;
        'channel whitebit subscribe trades_update') found=(trades) ;;
        'channel whitebit subscribe depth') found=(depth) ;;
        'symbols whitebit subscribe depth') found=('*') ;;
        'params whitebit subscribe depth') found=(limit= price_interval= multiple=) ;;
        'values whitebit subscribe depth limit=') found=(1 5 10 20 30 50 100) ;;
        'values whitebit subscribe depth price_interval=') found=(0 0.00000001 0.0000001 0.000001 0.00001 0.0001 0.001 0.01 0.1) ;;
        'values whitebit subscribe depth multiple=') found=(true false) ;;
        'channel whitebit subscribe depth_subscribe') found=(depth) ;;
        'channel whitebit subscribe depth_update') found=(depth) ;;
        'channel whitebit subscribe bookTicker') found=(bookTicker) ;;
        'symbols whitebit subscribe bookTicker') found=('*') ;;
        'channel whitebit subscribe bookTicker_subscribe') found=(bookTicker) ;;
        'channel whitebit subscribe bookTicker_update') found=(bookTicker) ;;
        'channel whitebit subscribe premiumIndex') found=(premiumIndex) ;;
        'symbols whitebit subscribe premiumIndex') found=('*_PERP') ;;
        'channel whitebit subscribe premiumIndex_subscribe') found=(premiumIndex) ;;
        'channel whitebit subscribe premiumIndex_update') found=(premiumIndex) ;;
        'channel whitebit subscribe balanceSpot') found=(balanceSpot) ;;
        'channel whitebit subscribe balanceSpot_subscribe') found=(balanceSpot) ;;
        'channel whitebit subscribe balanceSpot_update') found=(balanceSpot) ;;
        'channel whitebit subscribe balanceMargin') found=(balanceMargin) ;;
        'channel whitebit subscribe balanceMargin_subscribe') found=(balanceMargin) ;;
        'channel whitebit subscribe balanceMargin_update') found=(balanceMargin) ;;
        'channel whitebit subscribe ordersPending') found=(ordersPending) ;;
        'symbols whitebit subscribe ordersPending') found=('*') ;;
        'channel whitebit subscribe ordersPending_subscribe') found=(ordersPending) ;;
        'channel whitebit subscribe ordersPending_update') found=(ordersPending) ;;
        'channel whitebit subscribe ordersExecuted') found=(ordersExecuted) ;;
        'symbols whitebit subscribe ordersExecuted') found=('*') ;;
        'params whitebit subscribe ordersExecuted') found=(filter=) ;;
        'values whitebit subscribe ordersExecuted filter=') found=(0 1 2) ;;
        'channel whitebit subscribe ordersExecuted_subscribe') found=(ordersExecuted) ;;
        'channel whitebit subscribe ordersExecuted_update') found=(ordersExecuted) ;;
        'channel whitebit subscribe deals') found=(deals) ;;
        'symbols whitebit subscribe deals') found=('*') ;;
        'channel whitebit subscribe deals_subscribe') found=(deals) ;;
        'channel whitebit subscribe deals_update') found=(deals) ;;
        'channel whitebit subscribe positionsMargin') found=(positionsMargin) ;;
        'channel whitebit subscribe positionsMargin_subscribe') found=(positionsMargin) ;;
        'channel whitebit subscribe positionsMargin_update') found=(positionsMargin) ;;
        'channel whitebit subscribe borrowsMargin') found=(borrowsMargin) ;;
        'channel whitebit subscribe borrowsMargin_subscribe') found=(borrowsMargin) ;;
        'channel whitebit subscribe borrowsMargin_update') found=(borrowsMargin) ;;
        'channel whitebit subscribe positionsAccountMargin') found=(positionsAccountMargin) ;;
        'channel whitebit subscribe positionsAccountMargin_subscribe') found=(positionsAccountMargin) ;;
        'channel whitebit subscribe positionsAccountMargin_update') found=(positionsAccountMargin) ;;
        'channel whitebit subscribe borrowsAccountMargin') found=(borrowsAccountMargin) ;;
        'channel whitebit subscribe borrowsAccountMargin_subscribe') found=(borrowsAccountMargin) ;;
        'channel whitebit subscribe borrowsAccountMargin_update') found=(borrowsAccountMargin) ;;
        'channel whitebit subscribe ADLQuantile') found=(ADLQuantile) ;;
        'symbols whitebit subscribe ADLQuantile') found=('*_PERP') ;;
        'channel whitebit subscribe ADLQuantile_subscribe') found=(ADLQuantile) ;;
        'channel whitebit subscribe ADLQuantile_update') found=(ADLQuantile) ;;
        'first whitebit query') found=(time candles candles_request lastprice lastprice_request market market_request marketToday marketToday_query trades trades_request depth depth_request balanceSpot balanceSpot_request balanceMargin balanceMargin_request ordersPending ordersPending_request ordersExecuted ordersExecuted_request deals deals_request) ;;
        'channel whitebit query time') found=(time) ;;
        'channel whitebit query candles') found=(candles) ;;
        'symbols whitebit query candles') found=('*') ;;
        'params whitebit query candles') found=(start= end= interval=) ;;
        'values whitebit query candles start=') found=(-1h -1d now) ;;
        'values whitebit query candles end=') found=(-1h -1d now) ;;
        'values whitebit query candles interval=') found=(1 2 3 4 5 6 10 12 15 20 30 60 120 180 240 300 360 600 720 900 1200 1800 3600 7200 10800 14400 21600 28800 43200 86400 172800 259200 345600 432000 518400 604800 2592000) ;;
        'channel whitebit query candles_request') found=(candles) ;;
        'channel whitebit query lastprice') found=(lastprice) ;;
        'symbols whitebit query lastprice') found=('*') ;;
        'channel whitebit query lastprice_request') found=(lastprice) ;;
        'channel whitebit query market') found=(market) ;;
        'symbols whitebit query market') found=('*') ;;
        'params whitebit query market') found=(period=) ;;
        'channel whitebit query market_request') found=(market) ;;
        'channel whitebit query marketToday') found=(marketToday) ;;
        'symbols whitebit query marketToday') found=('*') ;;
        'channel whitebit query marketToday_query') found=(marketToday) ;;
        'channel whitebit query trades') found=(trades) ;;
        'symbols whitebit query trades') found=('*') ;;
        'params whitebit query trades') found=(limit= last_id=) ;;
        'channel whitebit query trades_request') found=(trades) ;;
        'channel whitebit query depth') found=(depth) ;;
        'symbols whitebit query depth') found=('*') ;;
        'params whitebit query depth') found=(limit= price_interval=) ;;
        'values whitebit query depth price_interval=') found=(0 0.00000001 0.0000001 0.000001 0.00001 0.0001 0.001 0.01 0.1) ;;
        'channel whitebit query depth_request') found=(depth) ;;
        'channel whitebit query balanceSpot') found=(balanceSpot) ;;
        'channel whitebit query balanceSpot_request') found=(balanceSpot) ;;
        'channel whitebit query balanceMargin') found=(balanceMargin) ;;
        'channel whitebit query balanceMargin_request') found=(balanceMargin) ;;
        'channel whitebit query ordersPending') found=(ordersPending) ;;
        'symbols whitebit query ordersPending') found=('*') ;;
        'params whitebit query ordersPending') found=(offset= limit=) ;;
        'channel whitebit query ordersPending_request') found=(ordersPending) ;;
        'channel whitebit query ordersExecuted') found=(ordersExecuted) ;;
        'symbols whitebit query ordersExecuted') found=('*') ;;
        'params whitebit query ordersExecuted') found=(offset= limit= order_types=) ;;
        'values whitebit query ordersExecuted order_types=') found=(1 2 202 3 4 7 8 9 10 14) ;;
        'channel whitebit query ordersExecuted_request') found=(ordersExecuted) ;;
        'channel whitebit query deals') found=(deals) ;;
        'symbols whitebit query deals') found=('*') ;;
        'params whitebit query deals') found=(offset= limit=) ;;
        'channel whitebit query deals_request') found=(deals) ;;
        'first whitebit book') found=(depth depth_subscribe BTC_USDT ETH_USDT LTC_USDT XRP_USDT SOL_USDT ZEC_USDT BTC_USD BTC_EUR ETH_EUR) ;;
        'channel whitebit book depth') found=(depth) ;;
        'symbols whitebit book depth') found=('*') ;;
        'params whitebit book depth') found=(limit= price_interval= multiple=) ;;
        'values whitebit book depth limit=') found=(1 5 10 20 30 50 100) ;;
        'values whitebit book depth price_interval=') found=(0 0.00000001 0.0000001 0.000001 0.00001 0.0001 0.001 0.01 0.1) ;;
        'values whitebit book depth multiple=') found=(true false) ;;
        'channel whitebit book depth_subscribe') found=(depth) ;;
        'channel whitebit book depth_update') found=(depth) ;;
        'channel whitebit book BTC_USDT') found=(depth) ;;
        'channel whitebit book ETH_USDT') found=(depth) ;;
        'channel whitebit book LTC_USDT') found=(depth) ;;
        'channel whitebit book XRP_USDT') found=(depth) ;;
        'channel whitebit book SOL_USDT') found=(depth) ;;
        'channel whitebit book ZEC_USDT') found=(depth) ;;
        'channel whitebit book BTC_USD') found=(depth) ;;
        'channel whitebit book BTC_EUR') found=(depth) ;;
        'channel whitebit book ETH_EUR') found=(depth) ;;
        'api bybit') found=(v5 spot-v3) ;;
        'markets bybit') found=(BTCUSDT ETHUSDT LTCUSDT XRPUSDT SOLUSDT BTCEUR ETHEUR ZECUSDT) ;;
        'first bybit channels') found=(order.create order.amend order.cancel order.create-batch order.amend-batch order.cancel-batch publicTrade orderbook.rpi orderbook.full orderbook tickers kline allLiquidation priceLimit insurance adlAlert system.status order execution.fast execution position wallet greeks dcp spread.order spread.execution rfq.open.rfqs rfq.open.quotes rfq.open.trades strategy trade bookticker stopOrder ticketInfo outboundAccountInfo) ;;
        'columns bybit') found=(lag exchange kind channel symbol product side price size trade_id time tick_direction block_trade rpi seq mark_price index_price mark_iv iv action rpi_size update_id depth last bid bid_size ask ask_size bid_iv ask_iv open high low volume quote_volume change_ratio funding_rate next_funding_time tickDirection prevPrice1h openInterest openInterestValue singleOpenInterest singleOpenInterestValue fundingIntervalHour fundingCap preOpenPrice preQty curPreListingPhase deliveryTime basis basisRate basisRateYear deliveryFeeRate predictedDeliveryPrice markPriceIv underlyingPrice totalVolume totalTurnover delta gamma vega theta change24h interval close confirm end updated_time highest_buy lowest_sell currency total symbols most i_pr pr adl_tt adl_sr status title begin id href serviceTypes uidSuffix maintainType env type) ;;
        'first bybit subscribe') found=(publicTrade publicTrade. orderbook.rpi orderbook.rpi. orderbook.full orderbook.full. orderbook orderbook. tickers tickers. kline kline. allLiquidation allLiquidation. priceLimit priceLimit. insurance insurance. adlAlert adlAlert. system.status order execution.fast execution position wallet greeks dcp spread.order spread.execution rfq.open.rfqs rfq.open.quotes rfq.open.trades strategy trade trade. bookticker bookticker. stopOrder ticketInfo outboundAccountInfo) ;;
        'channel bybit subscribe publicTrade') found=(publicTrade) ;;
        'symbols bybit subscribe publicTrade') found=('*') ;;
        'params bybit subscribe publicTrade') found=(product=) ;;
        'values bybit subscribe publicTrade product=') found=(spot linear inverse option) ;;
        'channel bybit subscribe publicTrade.') found=(publicTrade) ;;
        'channel bybit subscribe orderbook.rpi') found=(orderbook.rpi) ;;
        'symbols bybit subscribe orderbook.rpi') found=('*') ;;
        'params bybit subscribe orderbook.rpi') found=(product=) ;;
        'values bybit subscribe orderbook.rpi product=') found=(spot linear inverse) ;;
        'channel bybit subscribe orderbook.rpi.') found=(orderbook.rpi) ;;
        'channel bybit subscribe orderbook.full') found=(orderbook.full) ;;
        'symbols bybit subscribe orderbook.full') found=('*') ;;
        'params bybit subscribe orderbook.full') found=(product=) ;;
        'values bybit subscribe orderbook.full product=') found=(spot) ;;
        'channel bybit subscribe orderbook.full.') found=(orderbook.full) ;;
        'channel bybit subscribe orderbook') found=(orderbook) ;;
        'symbols bybit subscribe orderbook') found=('*') ;;
        'params bybit subscribe orderbook') found=(product= depth=) ;;
        'values bybit subscribe orderbook product=') found=(spot linear inverse option) ;;
        'values bybit subscribe orderbook depth=') found=(1 25 50 100 200 1000 40) ;;
        'channel bybit subscribe orderbook.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.1.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.25.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.50.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.100.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.200.') found=(orderbook) ;;
        'channel bybit subscribe orderbook.1000.') found=(orderbook) ;;
        'rest bybit subscribe orderbook.') found=(1. 25. 50. 100. 200. 1000. 40.) ;;
        'channel bybit subscribe tickers') found=(tickers) ;;
        'symbols bybit subscribe tickers') found=('*') ;;
        'params bybit subscribe tickers') found=(product=) ;;
        'values bybit subscribe tickers product=') found=(spot linear inverse option) ;;
        'channel bybit subscribe tickers.') found=(tickers) ;;
        'channel bybit subscribe kline') found=(kline) ;;
        'symbols bybit subscribe kline') found=('*') ;;
        'params bybit subscribe kline') found=(interval= product=) ;;
        'values bybit subscribe kline interval=') found=(1 3 5 15 30 60 120 240 360 720 D W M 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w 1M) ;;
        'values bybit subscribe kline product=') found=(spot linear inverse) ;;
        'channel bybit subscribe kline.') found=(kline) ;;
        'channel bybit subscribe kline.1.') found=(kline) ;;
        'channel bybit subscribe kline.3.') found=(kline) ;;
        'channel bybit subscribe kline.5.') found=(kline) ;;
        'channel bybit subscribe kline.15.') found=(kline) ;;
        'channel bybit subscribe kline.30.') found=(kline) ;;
        'channel bybit subscribe kline.60.') found=(kline) ;;
        'channel bybit subscribe kline.120.') found=(kline) ;;
        'channel bybit subscribe kline.240.') found=(kline) ;;
        'channel bybit subscribe kline.360.') found=(kline) ;;
        'channel bybit subscribe kline.720.') found=(kline) ;;
        'channel bybit subscribe kline.D.') found=(kline) ;;
        'channel bybit subscribe kline.W.') found=(kline) ;;
        'channel bybit subscribe kline.M.') found=(kline) ;;
        'rest bybit subscribe kline.') found=(1. 3. 5. 15. 30. 60. 120. 240. 360. 720. D. W. M. 1m. 3m. 5m. 15m. 30m. 1h. 2h. 4h. 6h. 12h. 1d. 1w. 1M.) ;;
        'channel bybit subscribe allLiquidation') found=(allLiquidation) ;;
        'symbols bybit subscribe allLiquidation') found=('*') ;;
        'params bybit subscribe allLiquidation') found=(product=) ;;
        'values bybit subscribe allLiquidation product=') found=(linear inverse) ;;
        'channel bybit subscribe allLiquidation.') found=(allLiquidation) ;;
        'channel bybit subscribe priceLimit') found=(priceLimit) ;;
        'symbols bybit subscribe priceLimit') found=('*') ;;
        'params bybit subscribe priceLimit') found=(product=) ;;
        'values bybit subscribe priceLimit product=') found=(spot linear inverse) ;;
        'channel bybit subscribe priceLimit.') found=(priceLimit) ;;
        'channel bybit subscribe insurance') found=(insurance) ;;
        'params bybit subscribe insurance') found=(product=) ;;
        'values bybit subscribe insurance product=') found=(linear inverse) ;;
        'channel bybit subscribe insurance.') found=(insurance) ;;
        'channel bybit subscribe adlAlert') found=(adlAlert) ;;
        'params bybit subscribe adlAlert') found=(product=) ;;
        'values bybit subscribe adlAlert product=') found=(linear inverse) ;;
        'channel bybit subscribe adlAlert.') found=(adlAlert) ;;
        'channel bybit subscribe system.status') found=(system.status) ;;
        'channel bybit subscribe order') found=(order) ;;
        'params bybit subscribe order') found=(product=) ;;
        'values bybit subscribe order product=') found=(spot linear inverse option) ;;
        'channel bybit subscribe execution.fast') found=(execution.fast) ;;
        'params bybit subscribe execution.fast') found=(product=) ;;
        'values bybit subscribe execution.fast product=') found=(spot linear inverse option) ;;
        'channel bybit subscribe execution') found=(execution) ;;
        'params bybit subscribe execution') found=(product=) ;;
        'values bybit subscribe execution product=') found=(spot linear inverse option) ;;
        'channel bybit subscribe position') found=(position) ;;
        'params bybit subscribe position') found=(product=) ;;
        'values bybit subscribe position product=') found=(linear inverse option) ;;
        'channel bybit subscribe wallet') found=(wallet) ;;
        'channel bybit subscribe greeks') found=(greeks) ;;
        'channel bybit subscribe dcp') found=(dcp) ;;
        'params bybit subscribe dcp') found=(product=) ;;
        'values bybit subscribe dcp product=') found=(future spot option) ;;
        'channel bybit subscribe spread.order') found=(spread.order) ;;
        'channel bybit subscribe spread.execution') found=(spread.execution) ;;
        'channel bybit subscribe rfq.open.rfqs') found=(rfq.open.rfqs) ;;
        'channel bybit subscribe rfq.open.quotes') found=(rfq.open.quotes) ;;
        'channel bybit subscribe rfq.open.trades') found=(rfq.open.trades) ;;
        'channel bybit subscribe strategy') found=(strategy) ;;
        'first bybit book') found=(orderbook orderbook. orderbook.rpi orderbook.rpi. orderbook.full orderbook.full. BTCUSDT ETHUSDT LTCUSDT XRPUSDT SOLUSDT BTCEUR ETHEUR ZECUSDT) ;;
        'channel bybit book orderbook') found=(orderbook) ;;
        'symbols bybit book orderbook') found=('*') ;;
        'params bybit book orderbook') found=(product= depth=) ;;
        'values bybit book orderbook product=') found=(spot linear inverse option) ;;
        'values bybit book orderbook depth=') found=(1 25 50 100 200 1000 40) ;;
        'channel bybit book orderbook.') found=(orderbook) ;;
        'channel bybit book orderbook.1.') found=(orderbook) ;;
        'channel bybit book orderbook.25.') found=(orderbook) ;;
        'channel bybit book orderbook.50.') found=(orderbook) ;;
        'channel bybit book orderbook.100.') found=(orderbook) ;;
        'channel bybit book orderbook.200.') found=(orderbook) ;;
        'channel bybit book orderbook.1000.') found=(orderbook) ;;
        'rest bybit book orderbook.') found=(1. 25. 50. 100. 200. 1000. 40.) ;;
        'channel bybit book orderbook.rpi') found=(orderbook.rpi) ;;
        'symbols bybit book orderbook.rpi') found=('*') ;;
        'params bybit book orderbook.rpi') found=(product=) ;;
        'values bybit book orderbook.rpi product=') found=(spot linear inverse) ;;
        'channel bybit book orderbook.rpi.') found=(orderbook.rpi) ;;
        'channel bybit book orderbook.full') found=(orderbook.full) ;;
        'symbols bybit book orderbook.full') found=('*') ;;
        'params bybit book orderbook.full') found=(product=) ;;
        'values bybit book orderbook.full product=') found=(spot) ;;
        'channel bybit book orderbook.full.') found=(orderbook.full) ;;
        'channel bybit book BTCUSDT') found=(orderbook) ;;
        'channel bybit book ETHUSDT') found=(orderbook) ;;
        'channel bybit book LTCUSDT') found=(orderbook) ;;
        'channel bybit book XRPUSDT') found=(orderbook) ;;
        'channel bybit book SOLUSDT') found=(orderbook) ;;
        'channel bybit book BTCEUR') found=(orderbook) ;;
        'channel bybit book ETHEUR') found=(orderbook) ;;
        'channel bybit book ZECUSDT') found=(orderbook) ;;
        'channel bybit subscribe trade') found=(trade) ;;
        'symbols bybit subscribe trade') found=('*') ;;
        'channel bybit subscribe trade.') found=(trade) ;;
        'channel bybit subscribe orderbook.40.') found=(orderbook) ;;
        'channel bybit subscribe bookticker') found=(bookticker) ;;
        'symbols bybit subscribe bookticker') found=('*') ;;
        'channel bybit subscribe bookticker.') found=(bookticker) ;;
        'channel bybit subscribe kline.1m.') found=(kline) ;;
        'channel bybit subscribe kline.3m.') found=(kline) ;;
        'channel bybit subscribe kline.5m.') found=(kline) ;;
        'channel bybit subscribe kline.15m.') found=(kline) ;;
        'channel bybit subscribe kline.30m.') found=(kline) ;;
        'channel bybit subscribe kline.1h.') found=(kline) ;;
        'channel bybit subscribe kline.2h.') found=(kline) ;;
        'channel bybit subscribe kline.4h.') found=(kline) ;;
        'channel bybit subscribe kline.6h.') found=(kline) ;;
        'channel bybit subscribe kline.12h.') found=(kline) ;;
        'channel bybit subscribe kline.1d.') found=(kline) ;;
        'channel bybit subscribe kline.1w.') found=(kline) ;;
        'channel bybit subscribe kline.1M.') found=(kline) ;;
        'channel bybit subscribe stopOrder') found=(stopOrder) ;;
        'channel bybit subscribe ticketInfo') found=(ticketInfo) ;;
        'channel bybit subscribe outboundAccountInfo') found=(outboundAccountInfo) ;;
        'channel bybit book orderbook.40.') found=(orderbook) ;;
        'api digifinex') found=(spot-v1) ;;
        'markets digifinex') found=(BTC_USDT ETH_USDT LTC_USDT XRP_USDT SOL_USDT ZEC_USDT) ;;
        'columns digifinex') found=(lag exchange kind channel symbol side price size trade_id time action last last_size bid bid_size ask ask_size open high low volume quote_volume) ;;
        'first digifinex subscribe') found=(trades trades.subscribe depth depth.subscribe ticker ticker.subscribe all_ticker all_ticker.subscribe order order.subscribe order_algo order_algo.subscribe balance balance.subscribe) ;;
        'first digifinex channels') found=(trades depth ticker all_ticker order order_algo balance time) ;;
        'channel digifinex subscribe trades') found=(trades) ;;
        'symbols digifinex subscribe trades') found=('*') ;;
        'channel digifinex subscribe trades.subscribe') found=(trades) ;;
        'channel digifinex subscribe trades.update') found=(trades) ;;
        'channel digifinex subscribe depth') found=(depth) ;;
        'symbols digifinex subscribe depth') found=('*') ;;
        'channel digifinex subscribe depth.subscribe') found=(depth) ;;
        'channel digifinex subscribe depth.update') found=(depth) ;;
        'channel digifinex subscribe ticker') found=(ticker) ;;
        'symbols digifinex subscribe ticker') found=('*') ;;
        'channel digifinex subscribe ticker.subscribe') found=(ticker) ;;
        'channel digifinex subscribe ticker.update') found=(ticker) ;;
        'channel digifinex subscribe all_ticker') found=(all_ticker) ;;
        'channel digifinex subscribe all_ticker.subscribe') found=(all_ticker) ;;
        'channel digifinex subscribe all_ticker.update') found=(all_ticker) ;;
        'channel digifinex subscribe order') found=(order) ;;
        'symbols digifinex subscribe order') found=('*') ;;
        'channel digifinex subscribe order.subscribe') found=(order) ;;
        'channel digifinex subscribe order.update') found=(order) ;;
        'channel digifinex subscribe order_algo') found=(order_algo) ;;
        'symbols digifinex subscribe order_algo') found=('*') ;;
        'channel digifinex subscribe order_algo.subscribe') found=(order_algo) ;;
        'channel digifinex subscribe order_algo.update') found=(order_algo) ;;
        'channel digifinex subscribe balance') found=(balance) ;;
        'channel digifinex subscribe balance.subscribe') found=(balance) ;;
        'channel digifinex subscribe balance.update') found=(balance) ;;
        'first digifinex query') found=(time server.time) ;;
        'channel digifinex query time') found=(time) ;;
        'channel digifinex query server.time') found=(time) ;;
        'first digifinex book') found=(depth depth.subscribe BTC_USDT ETH_USDT LTC_USDT XRP_USDT SOL_USDT ZEC_USDT) ;;
        'channel digifinex book depth') found=(depth) ;;
        'symbols digifinex book depth') found=('*') ;;
        'channel digifinex book depth.subscribe') found=(depth) ;;
        'channel digifinex book depth.update') found=(depth) ;;
        'channel digifinex book BTC_USDT') found=(depth) ;;
        'channel digifinex book ETH_USDT') found=(depth) ;;
        'channel digifinex book LTC_USDT') found=(depth) ;;
        'channel digifinex book XRP_USDT') found=(depth) ;;
        'channel digifinex book SOL_USDT') found=(depth) ;;
        'channel digifinex book ZEC_USDT') found=(depth) ;;
        'begun bitstamp subscribe') found=(private-live_order_trades_ private-live_trades_ detail_order_book_ private-my_orders_ private-my_trades_ diff_order_book_ funding_rate_ live_trades_ live_orders_ order_book_ my_orders_ my_trades_) ;;
        'begun bitstamp book') found=(detail_order_book_ diff_order_book_ order_book_) ;;
        'begun bybit subscribe') found=(orderbook.full. orderbook.1000. allLiquidation. orderbook.rpi. orderbook.100. orderbook.200. orderbook.25. orderbook.50. orderbook.40. publicTrade. orderbook.1. priceLimit. bookticker. orderbook. kline.120. kline.240. kline.360. kline.720. insurance. kline.15m. kline.30m. kline.12h. kline.15. kline.30. kline.60. adlAlert. kline.1m. kline.3m. kline.5m. kline.1h. kline.2h. kline.4h. kline.6h. kline.1d. kline.1w. kline.1M. tickers. kline.1. kline.3. kline.5. kline.D. kline.W. kline.M. kline. trade.) ;;
        'begun bybit book') found=(orderbook.1000. orderbook.full. orderbook.100. orderbook.200. orderbook.rpi. orderbook.25. orderbook.50. orderbook.40. orderbook.1. orderbook.) ;;
        'begun bitfinex subscribe') found=(key=trade:15m: key=trade:30m: key=trade:12h: key=trade:14D: key=trade:1m: key=trade:5m: key=trade:1h: key=trade:3h: key=trade:6h: key=trade:1D: key=trade:1W: key=trade:1M: trade:15m: trade:30m: trade:12h: trade:14D: key=trade: trade:1m: trade:5m: trade:1h: trade:3h: trade:6h: trade:1D: trade:1W: trade:1M: trade: key=) ;;
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
