# The completion of wscli for fish. Made by `wscli completion fish`: change wscli/cli/completion/ instead.
# It asks no network: the words are below, further symbols come from the file that `wscli EXCHANGE symbols refresh`
# writes. A row is a key, a word and its meaning, with tabs between them.

set -g __wscli_rows \
'words	bitfinex	Bitfinex v2, v1.1' \
'exchange bitfinex	bitfinex	' \
'after simulate	bitfinex	Bitfinex v2, v1.1' \
'words	bitstamp	Bitstamp v2' \
'exchange bitstamp	bitstamp	' \
'after simulate	bitstamp	Bitstamp v2' \
'words	whitebit	WhiteBIT' \
'exchange whitebit	whitebit	' \
'after simulate	whitebit	WhiteBIT' \
'words	bybit	Bybit v5, spot v3' \
'exchange bybit	bybit	' \
'after simulate	bybit	Bybit v5, spot v3' \
'words	digifinex	DigiFinex spot v1' \
'exchange digifinex	digifinex	' \
'after simulate	digifinex	DigiFinex spot v1' \
'words	exchanges	List the exchanges: APIs, addresses, login, channels, notes.' \
'words	styles	List the styles for --style, each in its colours.' \
'words	replay	Show recordings again, in any format, with filters.' \
'words	connect	Talk to any WebSocket server.' \
'words	simulate	Run the simulated exchanges as a server, for other programs.' \
'words	completion	Print the completion script of a shell.' \
'words	config	List every setting, its value, and where it comes from.' \
'words	help	Show a help page; without a word, list the topics.' \
'verbs	subscribe	Stream channels until Ctrl-C, --count, --for or --until.' \
'verbs	unsubscribe	Send an unsubscribe request and show the answer.' \
'verbs	query	Send a query and show the answer.' \
'verbs	book	Keep the order book of one symbol up to date.' \
'verbs	ping	Send a ping; show the answer and the round-trip time.' \
'verbs	auth	Log in; show the answer and the round-trip time.' \
'verbs	send	Send JSON as it is, and show the answer.' \
'verbs	channels	List the channels, or show one: parameters, fields, an example.' \
'verbs	explain	Explain a received message field by field.' \
'verbs	doctor	Diagnose the connection, step by step.' \
'verbs	symbols	List the known symbols.' \
'after completion	bash	to eval in ~/.bashrc' \
'after completion	zsh	save as _wscli in a directory of fpath' \
'after completion	fish	save as ~/.config/fish/completions/wscli.fish' \
'after replay	/files	' \
'after config	path	print where config.toml is' \
'after config	edit	open it in $VISUAL or $EDITOR, and check it' \
'after config	init	write a new one, with every setting as a comment' \
'after help	exchanges	List the exchanges: APIs, addresses, login, channels, notes.' \
'after help	styles	List the styles for --style, each in its colours.' \
'after help	replay	Show recordings again, in any format, with filters.' \
'after help	connect	Talk to any WebSocket server.' \
'after help	simulate	Run the simulated exchanges as a server, for other programs.' \
'after help	completion	Print the completion script of a shell.' \
'after help	config	List every setting, its value, and where it comes from.' \
'after help	help	Show a help page; without a word, list the topics.' \
'after help	subscribe	Stream channels until Ctrl-C, --count, --for or --until.' \
'after help	unsubscribe	Send an unsubscribe request and show the answer.' \
'after help	query	Send a query and show the answer.' \
'after help	book	Keep the order book of one symbol up to date.' \
'after help	ping	Send a ping; show the answer and the round-trip time.' \
'after help	auth	Log in; show the answer and the round-trip time.' \
'after help	send	Send JSON as it is, and show the answer.' \
'after help	channels	List the channels, or show one: parameters, fields, an example.' \
'after help	explain	Explain a received message field by field.' \
'after help	doctor	Diagnose the connection, step by step.' \
'after help	symbols	List the known symbols.' \
'after help	bitfinex	Bitfinex v2, v1.1' \
'after help	bitstamp	Bitstamp v2' \
'after help	whitebit	WhiteBIT' \
'after help	bybit	Bybit v5, spot v3' \
'after help	digifinex	DigiFinex spot v1' \
'after help	quickstart	How to stream your first messages, offline, in five steps.' \
'after help	subscribing	How to name channels, symbols and parameters.' \
'after help	symbol-lists	How to list and fetch the symbols of an exchange.' \
'after help	filters	How to show only the messages, rows or fields you want.' \
'after help	formats	Which output formats there are, and which to choose.' \
'after help	tables	Tables that fit the screen; columns, times and digits.' \
'after help	order-books	How to keep an order book, and how it is checked.' \
'after help	recording	How to record a stream, and show it again.' \
'after help	reconnecting	What wscli does when a connection is lost.' \
'after help	private-channels	How to log in, and where credentials are kept.' \
'after help	configuration	Which files and variables wscli reads and writes.' \
'after help	prompt	How to work at the prompt: subscribe, look, filter, save.' \
'after help	scripting	How to run lines from a file, and use wscli in scripts.' \
'after help	any-websocket	How to talk to a server that wscli does not know.' \
'after help	typing-messages	How to type messages below those that arrive.' \
'after help	proxies-and-tls	How to use proxies, certificates and headers.' \
'after help	simulator	How to try everything offline.' \
'after help	exchanges-and-apis	Which exchanges wscli knows, and which APIs it uses.' \
'after help	exit-statuses	What the exit status of wscli means.' \
'after help	troubleshooting	How to find out why nothing is received.' \
'after help	glossary	What the words of these pages mean.' \
'after help	faq	Short answers to frequent questions.' \
'flags	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags	--testnet	Use the test network of the exchange.' \
'flags	--url	Connect to this URL in place of the exchange\'s own.' \
'takes --url	any	' \
'flags	--seed	The same seed gives the same simulated market (default: 7).' \
'takes --seed	any	' \
'flags	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'takes --fault	words	' \
'value --fault	gap	' \
'value --fault	crossed	' \
'value --fault	checksum	' \
'value --fault	stale	' \
'value --fault	restart	' \
'value --fault	reconnect	' \
'flags	--api	Use this API of the exchange; wscli exchanges lists them.' \
'takes --api	api	' \
'flags	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'takes --product	any	' \
'flags	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'takes -o	words	' \
'value -o	json	the message of the exchange, byte for byte' \
'value -o	pretty	time, kind and channel, then the message, indented and coloured' \
'value -o	rows	one labelled JSON object per row' \
'value -o	table	the rows in aligned columns' \
'value -o	event	the message with its time, number, kind and channel' \
'value -o	csv	the rows, with fixed columns' \
'value -o	raw	the frames as they were received' \
'flags	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'takes --output	words	' \
'value --output	json	the message of the exchange, byte for byte' \
'value --output	pretty	time, kind and channel, then the message, indented and coloured' \
'value --output	rows	one labelled JSON object per row' \
'value --output	table	the rows in aligned columns' \
'value --output	event	the message with its time, number, kind and channel' \
'value --output	csv	the rows, with fixed columns' \
'value --output	raw	the frames as they were received' \
'flags	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'takes --columns	columns	' \
'flags	--time	Write the times of rows as utc (the default), local, short (local time…' \
'takes --time	words	' \
'value --time	utc	' \
'value --time	local	' \
'value --time	short	' \
'value --time	exchange	' \
'value --time	none	' \
'flags	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'takes --where	any	' \
'flags	--grep	Show only messages whose text matches.' \
'takes --grep	any	' \
'flags	--symbol	Show only this symbol; repeat for more.' \
'takes --symbol	symbols	' \
'flags	--channel	Show only this channel; repeat for more.' \
'takes --channel	channels	' \
'flags	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'takes --kind	words	' \
'value --kind	reply	' \
'value --kind	snapshot	' \
'value --kind	unknown	' \
'value --kind	update	' \
'flags	--query	Print the result of this JMESPath expression for each message.' \
'takes --query	any	' \
'flags	--on	Run the command of --exec, or ring the bell, when a row matches…' \
'takes --on	any	' \
'flags	--exec	Run this command for a row that --on matches, at most once a second…' \
'takes --exec	any	' \
'flags	--bell	Ring the bell of the terminal when --on matches.' \
'flags	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'takes -n	any	' \
'flags	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'takes --count	any	' \
'flags	--rows	Stop after N rows: of the messages shown, those that match --where.' \
'takes --rows	any	' \
'flags	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'takes --for	any	' \
'flags	--until	Stop after the first message shown that matches.' \
'takes --until	any	' \
'flags	--wait	Wait at most this long for an answer (default: 10s).' \
'takes --wait	any	' \
'flags	--timeout	Wait at most this long for a connection (default: 10s).' \
'takes --timeout	any	' \
'flags	--no-reconnect	Stop when the connection is lost.' \
'flags	--retry	Reconnect, but give up after N failed attempts.' \
'takes --retry	any	' \
'flags	--stale	Reconnect when a subscription receives no data for this long.' \
'takes --stale	any	' \
'flags	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'takes --record	files	' \
'flags	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'takes --proxy	any	' \
'flags	-H	Send this header with the handshake; @FILE reads one header per line…' \
'takes -H	any	' \
'flags	--header	Send this header with the handshake; @FILE reads one header per line…' \
'takes --header	any	' \
'flags	--cacert	Verify certificates against this file, or this directory (openssl…' \
'takes --cacert	files	' \
'flags	--insecure	Do not verify certificates.' \
'flags	--profile	Use the credentials of this profile in config.toml.' \
'takes --profile	any	' \
'flags	--color	Colour the output: auto, always, never.' \
'takes --color	words	' \
'value --color	auto	' \
'value --color	always	' \
'value --color	never	' \
'flags	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'takes --style	words	' \
'value --style	wscli	' \
'value --style	abap	' \
'value --style	algol	' \
'value --style	algol_nu	' \
'value --style	arduino	' \
'value --style	autumn	' \
'value --style	borland	' \
'value --style	bw	' \
'value --style	colorful	' \
'value --style	default	' \
'value --style	dracula	' \
'value --style	emacs	' \
'value --style	friendly	' \
'value --style	friendly_grayscale	' \
'value --style	fruity	' \
'value --style	github-dark	' \
'value --style	gruvbox-dark	' \
'value --style	gruvbox-light	' \
'value --style	igor	' \
'value --style	inkpot	' \
'value --style	lightbulb	' \
'value --style	lilypond	' \
'value --style	lovelace	' \
'value --style	manni	' \
'value --style	material	' \
'value --style	monokai	' \
'value --style	murphy	' \
'value --style	native	' \
'value --style	nord	' \
'value --style	nord-darker	' \
'value --style	one-dark	' \
'value --style	paraiso-dark	' \
'value --style	paraiso-light	' \
'value --style	pastie	' \
'value --style	perldoc	' \
'value --style	rainbow_dash	' \
'value --style	rrt	' \
'value --style	sas	' \
'value --style	solarized-dark	' \
'value --style	solarized-light	' \
'value --style	staroffice	' \
'value --style	stata-dark	' \
'value --style	stata-light	' \
'value --style	tango	' \
'value --style	trac	' \
'value --style	vim	' \
'value --style	vs	' \
'value --style	xcode	' \
'value --style	zenburn	' \
'flags	--keep-going	In a script: continue after a line that failed.' \
'flags	--save	Keep the setting in config.toml, for every later start.' \
'flags	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags	-v	Show what is sent, on standard error, and put the time before each…' \
'flags	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags	-q	Print only errors to standard error.' \
'flags	--quiet	Print only errors to standard error.' \
'flags	--version	Show the version.' \
'flags	-h	Show this page.' \
'flags	--help	Show this page.' \
'flags exchanges	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags exchanges	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags exchanges	--color	Colour the output: auto, always, never.' \
'flags exchanges	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags exchanges	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags exchanges	-v	Show what is sent, on standard error, and put the time before each…' \
'flags exchanges	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags exchanges	-q	Print only errors to standard error.' \
'flags exchanges	--quiet	Print only errors to standard error.' \
'flags exchanges	-h	Show this page.' \
'flags exchanges	--help	Show this page.' \
'flags styles	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags styles	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags styles	--color	Colour the output: auto, always, never.' \
'flags styles	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags styles	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags styles	-v	Show what is sent, on standard error, and put the time before each…' \
'flags styles	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags styles	-q	Print only errors to standard error.' \
'flags styles	--quiet	Print only errors to standard error.' \
'flags styles	-h	Show this page.' \
'flags styles	--help	Show this page.' \
'flags replay	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags replay	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags replay	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags replay	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'flags replay	--time	Write the times of rows as utc (the default), local, short (local time…' \
'flags replay	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags replay	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags replay	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags replay	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags replay	--grep	Show only messages whose text matches.' \
'flags replay	--symbol	Show only this symbol; repeat for more.' \
'flags replay	--channel	Show only this channel; repeat for more.' \
'flags replay	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'flags replay	--query	Print the result of this JMESPath expression for each message.' \
'flags replay	--on	Run the command of --exec, or ring the bell, when a row matches…' \
'flags replay	--exec	Run this command for a row that --on matches, at most once a second…' \
'flags replay	--bell	Ring the bell of the terminal when --on matches.' \
'flags replay	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags replay	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags replay	--rows	Stop after N rows: of the messages shown, those that match --where.' \
'flags replay	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'flags replay	--until	Stop after the first message shown that matches.' \
'flags replay	--color	Colour the output: auto, always, never.' \
'flags replay	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags replay	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags replay	-v	Show what is sent, on standard error, and put the time before each…' \
'flags replay	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags replay	-q	Print only errors to standard error.' \
'flags replay	--quiet	Print only errors to standard error.' \
'flags replay	--exchange	Show only this exchange.' \
'takes --exchange	words	' \
'value --exchange	bitfinex	Bitfinex v2, v1.1' \
'value --exchange	bitstamp	Bitstamp v2' \
'value --exchange	whitebit	WhiteBIT' \
'value --exchange	bybit	Bybit v5, spot v3' \
'value --exchange	digifinex	DigiFinex spot v1' \
'flags replay	--speed	Replay at N times the recorded speed; 1 is real time. Default: without…' \
'takes --speed	any	' \
'flags replay	--explain	Explain each message, as the verb explain does.' \
'flags replay	--verify	Check the recorded order books; stop with status 7 at the first fault.' \
'flags replay	-h	Show this page.' \
'flags replay	--help	Show this page.' \
'flags connect	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags connect	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags connect	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags connect	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags connect	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags connect	--grep	Show only messages whose text matches.' \
'flags connect	--query	Print the result of this JMESPath expression for each message.' \
'flags connect	--on	Run the command of --exec, or ring the bell, when a row matches…' \
'flags connect	--exec	Run this command for a row that --on matches, at most once a second…' \
'flags connect	--bell	Ring the bell of the terminal when --on matches.' \
'flags connect	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags connect	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags connect	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'flags connect	--until	Stop after the first message shown that matches.' \
'flags connect	--wait	Wait at most this long for an answer (default: 10s).' \
'flags connect	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags connect	--no-reconnect	Stop when the connection is lost.' \
'flags connect	--retry	Reconnect, but give up after N failed attempts.' \
'flags connect	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags connect	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags connect	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags connect	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags connect	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags connect	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags connect	--insecure	Do not verify certificates.' \
'flags connect	--color	Colour the output: auto, always, never.' \
'flags connect	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags connect	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags connect	-v	Show what is sent, on standard error, and put the time before each…' \
'flags connect	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags connect	-q	Print only errors to standard error.' \
'flags connect	--quiet	Print only errors to standard error.' \
'flags connect	-x	Send this text after connecting; repeat for more.' \
'takes -x	any	' \
'flags connect	--subprotocol	Offer this subprotocol; repeat for more.' \
'takes --subprotocol	any	' \
'flags connect	--origin	Send this Origin header.' \
'takes --origin	any	' \
'flags connect	--cert	Use this client certificate; its key is in the same file, or in --key.' \
'takes --cert	files	' \
'flags connect	--key	The private key of --cert.' \
'takes --key	files	' \
'flags connect	--key-passphrase-file	Read the passphrase of the key from the first line of FILE.' \
'takes --key-passphrase-file	files	' \
'flags connect	--sni	Send this server name (SNI), and verify the certificate for it.' \
'takes --sni	any	' \
'flags connect	--unix-socket	Connect to this Unix socket; host and path of the URL are sent in the…' \
'takes --unix-socket	files	' \
'flags connect	--ping	Send a ping this often; after two without a pong the connection is lost.' \
'takes --ping	any	' \
'flags connect	--binary	Show binary messages as hex (the default) or base64; raw writes their…' \
'takes --binary	words	' \
'value --binary	hex	' \
'value --binary	base64	' \
'value --binary	raw	' \
'flags connect	--inflate	Decompress binary messages, each by itself, and treat them as text…' \
'takes --inflate	words	' \
'value --inflate	auto	' \
'value --inflate	gzip	' \
'value --inflate	zlib	' \
'value --inflate	deflate	' \
'flags connect	--every	Send this text this often; repeat for more.' \
'takes --every	any	' \
'flags connect	--answer	Answer each message that matches; both are JSON, in which X stands for…' \
'takes --answer	any	' \
'flags connect	--send-as	hex, base64: decode each line, and each -x, and send the bytes as a…' \
'takes --send-as	words	' \
'value --send-as	text	' \
'value --send-as	hex	' \
'value --send-as	base64	' \
'flags connect	-h	Show this page.' \
'flags connect	--help	Show this page.' \
'flags simulate	--seed	The same seed gives the same simulated market (default: 7).' \
'flags simulate	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags simulate	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags simulate	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags simulate	--color	Colour the output: auto, always, never.' \
'flags simulate	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags simulate	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags simulate	-v	Show what is sent, on standard error, and put the time before each…' \
'flags simulate	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags simulate	-q	Print only errors to standard error.' \
'flags simulate	--quiet	Print only errors to standard error.' \
'flags simulate	--port	Listen on this port; 0 takes a free one (default: 8765).' \
'takes --port	any	' \
'flags simulate	--rate	Send N times as many messages as usual: 0.1 to 1000 (default: 1).' \
'takes --rate	any	' \
'flags simulate	--until-eof	Stop at the end of standard input.' \
'flags simulate	-h	Show this page.' \
'flags simulate	--help	Show this page.' \
'flags completion	--color	Colour the output: auto, always, never.' \
'flags completion	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags completion	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags completion	-v	Show what is sent, on standard error, and put the time before each…' \
'flags completion	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags completion	-q	Print only errors to standard error.' \
'flags completion	--quiet	Print only errors to standard error.' \
'flags completion	-h	Show this page.' \
'flags completion	--help	Show this page.' \
'flags config	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags config	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags config	--color	Colour the output: auto, always, never.' \
'flags config	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags config	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags config	-v	Show what is sent, on standard error, and put the time before each…' \
'flags config	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags config	-q	Print only errors to standard error.' \
'flags config	--quiet	Print only errors to standard error.' \
'flags config	-h	Show this page.' \
'flags config	--help	Show this page.' \
'flags help	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags help	--color	Colour the output: auto, always, never.' \
'flags help	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags help	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags help	-v	Show what is sent, on standard error, and put the time before each…' \
'flags help	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags help	-q	Print only errors to standard error.' \
'flags help	--quiet	Print only errors to standard error.' \
'flags help	-h	Show this page.' \
'flags help	--help	Show this page.' \
'flags subscribe	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags subscribe	--testnet	Use the test network of the exchange.' \
'flags subscribe	--url	Connect to this URL in place of the exchange\'s own.' \
'flags subscribe	--seed	The same seed gives the same simulated market (default: 7).' \
'flags subscribe	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags subscribe	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags subscribe	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags subscribe	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags subscribe	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags subscribe	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags subscribe	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'flags subscribe	--time	Write the times of rows as utc (the default), local, short (local time…' \
'flags subscribe	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags subscribe	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags subscribe	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags subscribe	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags subscribe	--grep	Show only messages whose text matches.' \
'flags subscribe	--symbol	Show only this symbol; repeat for more.' \
'flags subscribe	--channel	Show only this channel; repeat for more.' \
'flags subscribe	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'flags subscribe	--query	Print the result of this JMESPath expression for each message.' \
'flags subscribe	--on	Run the command of --exec, or ring the bell, when a row matches…' \
'flags subscribe	--exec	Run this command for a row that --on matches, at most once a second…' \
'flags subscribe	--bell	Ring the bell of the terminal when --on matches.' \
'flags subscribe	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags subscribe	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags subscribe	--rows	Stop after N rows: of the messages shown, those that match --where.' \
'flags subscribe	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'flags subscribe	--until	Stop after the first message shown that matches.' \
'flags subscribe	--wait	Wait at most this long for an answer (default: 10s).' \
'flags subscribe	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags subscribe	--no-reconnect	Stop when the connection is lost.' \
'flags subscribe	--retry	Reconnect, but give up after N failed attempts.' \
'flags subscribe	--stale	Reconnect when a subscription receives no data for this long.' \
'flags subscribe	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags subscribe	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags subscribe	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags subscribe	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags subscribe	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags subscribe	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags subscribe	--insecure	Do not verify certificates.' \
'flags subscribe	--profile	Use the credentials of this profile in config.toml.' \
'flags subscribe	--color	Colour the output: auto, always, never.' \
'flags subscribe	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags subscribe	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags subscribe	-v	Show what is sent, on standard error, and put the time before each…' \
'flags subscribe	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags subscribe	-q	Print only errors to standard error.' \
'flags subscribe	--quiet	Print only errors to standard error.' \
'flags subscribe	-h	Show this page.' \
'flags subscribe	--help	Show this page.' \
'flags unsubscribe	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags unsubscribe	--testnet	Use the test network of the exchange.' \
'flags unsubscribe	--url	Connect to this URL in place of the exchange\'s own.' \
'flags unsubscribe	--seed	The same seed gives the same simulated market (default: 7).' \
'flags unsubscribe	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags unsubscribe	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags unsubscribe	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags unsubscribe	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags unsubscribe	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags unsubscribe	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags unsubscribe	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags unsubscribe	--wait	Wait at most this long for an answer (default: 10s).' \
'flags unsubscribe	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags unsubscribe	--no-reconnect	Stop when the connection is lost.' \
'flags unsubscribe	--retry	Reconnect, but give up after N failed attempts.' \
'flags unsubscribe	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags unsubscribe	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags unsubscribe	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags unsubscribe	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags unsubscribe	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags unsubscribe	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags unsubscribe	--insecure	Do not verify certificates.' \
'flags unsubscribe	--profile	Use the credentials of this profile in config.toml.' \
'flags unsubscribe	--color	Colour the output: auto, always, never.' \
'flags unsubscribe	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags unsubscribe	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags unsubscribe	-v	Show what is sent, on standard error, and put the time before each…' \
'flags unsubscribe	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags unsubscribe	-q	Print only errors to standard error.' \
'flags unsubscribe	--quiet	Print only errors to standard error.' \
'flags unsubscribe	--all-symbols	Unsubscribe every symbol of the channel, on exchanges where an empty…' \
'flags unsubscribe	-h	Show this page.' \
'flags unsubscribe	--help	Show this page.' \
'flags query	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags query	--testnet	Use the test network of the exchange.' \
'flags query	--url	Connect to this URL in place of the exchange\'s own.' \
'flags query	--seed	The same seed gives the same simulated market (default: 7).' \
'flags query	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags query	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags query	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags query	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags query	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags query	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'flags query	--time	Write the times of rows as utc (the default), local, short (local time…' \
'flags query	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags query	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags query	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags query	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags query	--grep	Show only messages whose text matches.' \
'flags query	--symbol	Show only this symbol; repeat for more.' \
'flags query	--channel	Show only this channel; repeat for more.' \
'flags query	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'flags query	--query	Print the result of this JMESPath expression for each message.' \
'flags query	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags query	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags query	--rows	Stop after N rows: of the messages shown, those that match --where.' \
'flags query	--wait	Wait at most this long for an answer (default: 10s).' \
'flags query	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags query	--no-reconnect	Stop when the connection is lost.' \
'flags query	--retry	Reconnect, but give up after N failed attempts.' \
'flags query	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags query	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags query	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags query	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags query	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags query	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags query	--insecure	Do not verify certificates.' \
'flags query	--profile	Use the credentials of this profile in config.toml.' \
'flags query	--color	Colour the output: auto, always, never.' \
'flags query	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags query	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags query	-v	Show what is sent, on standard error, and put the time before each…' \
'flags query	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags query	-q	Print only errors to standard error.' \
'flags query	--quiet	Print only errors to standard error.' \
'flags query	-h	Show this page.' \
'flags query	--help	Show this page.' \
'flags book	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags book	--testnet	Use the test network of the exchange.' \
'flags book	--url	Connect to this URL in place of the exchange\'s own.' \
'flags book	--seed	The same seed gives the same simulated market (default: 7).' \
'flags book	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags book	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags book	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags book	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags book	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags book	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags book	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags book	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags book	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'flags book	--wait	Wait at most this long for an answer (default: 10s).' \
'flags book	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags book	--no-reconnect	Stop when the connection is lost.' \
'flags book	--retry	Reconnect, but give up after N failed attempts.' \
'flags book	--stale	Reconnect when a subscription receives no data for this long.' \
'flags book	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags book	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags book	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags book	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags book	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags book	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags book	--insecure	Do not verify certificates.' \
'flags book	--profile	Use the credentials of this profile in config.toml.' \
'flags book	--color	Colour the output: auto, always, never.' \
'flags book	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags book	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags book	-v	Show what is sent, on standard error, and put the time before each…' \
'flags book	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags book	-q	Print only errors to standard error.' \
'flags book	--quiet	Print only errors to standard error.' \
'flags book	--depth	Show N levels per side (default: 10).' \
'takes --depth	any	' \
'flags book	--verify	Stop with status 7 at the first fault in the book, and show the…' \
'flags book	-h	Show this page.' \
'flags book	--help	Show this page.' \
'flags ping	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags ping	--testnet	Use the test network of the exchange.' \
'flags ping	--url	Connect to this URL in place of the exchange\'s own.' \
'flags ping	--seed	The same seed gives the same simulated market (default: 7).' \
'flags ping	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags ping	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags ping	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags ping	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags ping	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags ping	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags ping	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags ping	--wait	Wait at most this long for an answer (default: 10s).' \
'flags ping	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags ping	--no-reconnect	Stop when the connection is lost.' \
'flags ping	--retry	Reconnect, but give up after N failed attempts.' \
'flags ping	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags ping	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags ping	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags ping	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags ping	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags ping	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags ping	--insecure	Do not verify certificates.' \
'flags ping	--profile	Use the credentials of this profile in config.toml.' \
'flags ping	--color	Colour the output: auto, always, never.' \
'flags ping	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags ping	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags ping	-v	Show what is sent, on standard error, and put the time before each…' \
'flags ping	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags ping	-q	Print only errors to standard error.' \
'flags ping	--quiet	Print only errors to standard error.' \
'flags ping	-h	Show this page.' \
'flags ping	--help	Show this page.' \
'flags auth	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags auth	--testnet	Use the test network of the exchange.' \
'flags auth	--url	Connect to this URL in place of the exchange\'s own.' \
'flags auth	--seed	The same seed gives the same simulated market (default: 7).' \
'flags auth	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags auth	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags auth	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags auth	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags auth	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags auth	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags auth	--wait	Wait at most this long for an answer (default: 10s).' \
'flags auth	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags auth	--no-reconnect	Stop when the connection is lost.' \
'flags auth	--retry	Reconnect, but give up after N failed attempts.' \
'flags auth	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags auth	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags auth	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags auth	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags auth	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags auth	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags auth	--insecure	Do not verify certificates.' \
'flags auth	--profile	Use the credentials of this profile in config.toml.' \
'flags auth	--color	Colour the output: auto, always, never.' \
'flags auth	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags auth	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags auth	-v	Show what is sent, on standard error, and put the time before each…' \
'flags auth	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags auth	-q	Print only errors to standard error.' \
'flags auth	--quiet	Print only errors to standard error.' \
'flags auth	-h	Show this page.' \
'flags auth	--help	Show this page.' \
'flags send	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags send	--testnet	Use the test network of the exchange.' \
'flags send	--url	Connect to this URL in place of the exchange\'s own.' \
'flags send	--seed	The same seed gives the same simulated market (default: 7).' \
'flags send	--fault	Make the simulator fail: gap, crossed, checksum, stale, restart…' \
'flags send	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags send	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags send	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags send	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags send	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags send	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'flags send	--time	Write the times of rows as utc (the default), local, short (local time…' \
'flags send	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags send	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags send	--all	Print acknowledgements, heartbeats and greetings to standard output…' \
'flags send	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags send	--grep	Show only messages whose text matches.' \
'flags send	--symbol	Show only this symbol; repeat for more.' \
'flags send	--channel	Show only this channel; repeat for more.' \
'flags send	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'flags send	--query	Print the result of this JMESPath expression for each message.' \
'flags send	--on	Run the command of --exec, or ring the bell, when a row matches…' \
'flags send	--exec	Run this command for a row that --on matches, at most once a second…' \
'flags send	--bell	Ring the bell of the terminal when --on matches.' \
'flags send	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags send	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags send	--rows	Stop after N rows: of the messages shown, those that match --where.' \
'flags send	--for	Stop after this time (10, 500ms, 30s, 5m).' \
'flags send	--until	Stop after the first message shown that matches.' \
'flags send	--wait	Wait at most this long for an answer (default: 10s).' \
'flags send	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags send	--no-reconnect	Stop when the connection is lost.' \
'flags send	--retry	Reconnect, but give up after N failed attempts.' \
'flags send	--stale	Reconnect when a subscription receives no data for this long.' \
'flags send	--record	Write everything sent and received to FILE as JSON lines, with secrets…' \
'flags send	--record-required	Stop with status 1 when the recording can no longer be written.' \
'flags send	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags send	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags send	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags send	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags send	--insecure	Do not verify certificates.' \
'flags send	--profile	Use the credentials of this profile in config.toml.' \
'flags send	--color	Colour the output: auto, always, never.' \
'flags send	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags send	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags send	-v	Show what is sent, on standard error, and put the time before each…' \
'flags send	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags send	-q	Print only errors to standard error.' \
'flags send	--quiet	Print only errors to standard error.' \
'flags send	-h	Show this page.' \
'flags send	--help	Show this page.' \
'flags channels	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags channels	--testnet	Use the test network of the exchange.' \
'flags channels	--url	Connect to this URL in place of the exchange\'s own.' \
'flags channels	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags channels	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags channels	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags channels	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags channels	--profile	Use the credentials of this profile in config.toml.' \
'flags channels	--color	Colour the output: auto, always, never.' \
'flags channels	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags channels	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags channels	-v	Show what is sent, on standard error, and put the time before each…' \
'flags channels	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags channels	-q	Print only errors to standard error.' \
'flags channels	--quiet	Print only errors to standard error.' \
'flags channels	-h	Show this page.' \
'flags channels	--help	Show this page.' \
'flags explain	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags explain	--testnet	Use the test network of the exchange.' \
'flags explain	--url	Connect to this URL in place of the exchange\'s own.' \
'flags explain	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags explain	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags explain	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags explain	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags explain	--columns	With rows, table and csv: show these columns, in this order; +NAME…' \
'flags explain	--time	Write the times of rows as utc (the default), local, short (local time…' \
'flags explain	--group-digits	With rows, table and csv: write 36,500.1 for 36500.1.' \
'flags explain	--csv-safe	With -o csv: put \' before text that a spreadsheet would run as a…' \
'flags explain	--where	Show only messages with a row that matches: \'price > 1 and side =…' \
'flags explain	--grep	Show only messages whose text matches.' \
'flags explain	--symbol	Show only this symbol; repeat for more.' \
'flags explain	--channel	Show only this channel; repeat for more.' \
'flags explain	--kind	Show only this kind of message: snapshot, update, reply, unknown…' \
'flags explain	-n	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags explain	--count	Stop after N messages; acknowledgements and heartbeats do not count.' \
'flags explain	--profile	Use the credentials of this profile in config.toml.' \
'flags explain	--color	Colour the output: auto, always, never.' \
'flags explain	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags explain	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags explain	-v	Show what is sent, on standard error, and put the time before each…' \
'flags explain	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags explain	-q	Print only errors to standard error.' \
'flags explain	--quiet	Print only errors to standard error.' \
'flags explain	-h	Show this page.' \
'flags explain	--help	Show this page.' \
'flags doctor	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags doctor	--testnet	Use the test network of the exchange.' \
'flags doctor	--url	Connect to this URL in place of the exchange\'s own.' \
'flags doctor	--seed	The same seed gives the same simulated market (default: 7).' \
'flags doctor	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags doctor	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags doctor	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags doctor	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags doctor	--wait	Wait at most this long for an answer (default: 10s).' \
'flags doctor	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags doctor	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags doctor	-H	Send this header with the handshake; @FILE reads one header per line…' \
'flags doctor	--header	Send this header with the handshake; @FILE reads one header per line…' \
'flags doctor	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags doctor	--insecure	Do not verify certificates.' \
'flags doctor	--profile	Use the credentials of this profile in config.toml.' \
'flags doctor	--color	Colour the output: auto, always, never.' \
'flags doctor	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags doctor	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags doctor	-v	Show what is sent, on standard error, and put the time before each…' \
'flags doctor	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags doctor	-q	Print only errors to standard error.' \
'flags doctor	--quiet	Print only errors to standard error.' \
'flags doctor	-h	Show this page.' \
'flags doctor	--help	Show this page.' \
'flags symbols	--sim	Use the built-in simulator in place of the exchange: no network, no…' \
'flags symbols	--testnet	Use the test network of the exchange.' \
'flags symbols	--url	Connect to this URL in place of the exchange\'s own.' \
'flags symbols	--seed	The same seed gives the same simulated market (default: 7).' \
'flags symbols	--api	Use this API of the exchange; wscli exchanges lists them.' \
'flags symbols	--product	Kind of market, where the exchange has several: spot, linear, inverse…' \
'flags symbols	--dry-run	Print the exact frames, with secrets as ***, without connecting.' \
'flags symbols	-o	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags symbols	--output	Print messages as json, pretty, rows, table, event, csv, raw. Default…' \
'flags symbols	--wait	Wait at most this long for an answer (default: 10s).' \
'flags symbols	--timeout	Wait at most this long for a connection (default: 10s).' \
'flags symbols	--proxy	Connect through this proxy: http, socks5h, socks5, socks4a or socks4.…' \
'flags symbols	--cacert	Verify certificates against this file, or this directory (openssl…' \
'flags symbols	--insecure	Do not verify certificates.' \
'flags symbols	--profile	Use the credentials of this profile in config.toml.' \
'flags symbols	--color	Colour the output: auto, always, never.' \
'flags symbols	--style	Use the colours of this Pygments style; wscli styles shows them.' \
'flags symbols	--no-config	Ignore config.toml, and the start-up script of the prompt.' \
'flags symbols	-v	Show what is sent, on standard error, and put the time before each…' \
'flags symbols	--verbose	Show what is sent, on standard error, and put the time before each…' \
'flags symbols	-q	Print only errors to standard error.' \
'flags symbols	--quiet	Print only errors to standard error.' \
'flags symbols	-h	Show this page.' \
'flags symbols	--help	Show this page.' \
'api bitfinex	v2	live' \
'markets bitfinex	tBTCUSD	' \
'markets bitfinex	tETHUSD	' \
'markets bitfinex	tLTCUSD	' \
'markets bitfinex	tXRPUSD	' \
'markets bitfinex	tSOLUSD	' \
'markets bitfinex	tZECUSD	' \
'markets bitfinex	tBTCUST	' \
'markets bitfinex	tETHUST	' \
'markets bitfinex	tLTCUST	' \
'markets bitfinex	tXRPUST	' \
'markets bitfinex	tSOLUST	' \
'markets bitfinex	tBTCEUR	' \
'markets bitfinex	tETHEUR	' \
'markets bitfinex	tETHBTC	' \
'markets bitfinex	tBTCF0:USTF0	' \
'markets bitfinex	fUSD	' \
'markets bitfinex	fBTC	' \
'columns bitfinex	lag	reception less the event\'s own time, in ms' \
'columns bitfinex	exchange	name of the exchange' \
'columns bitfinex	kind	' \
'columns bitfinex	channel	' \
'columns bitfinex	symbol	' \
'columns bitfinex	last	' \
'columns bitfinex	bid	' \
'columns bitfinex	bid_size	' \
'columns bitfinex	ask	' \
'columns bitfinex	ask_size	' \
'columns bitfinex	volume	' \
'columns bitfinex	high	' \
'columns bitfinex	low	' \
'columns bitfinex	change	' \
'columns bitfinex	change_ratio	' \
'columns bitfinex	first_trade	' \
'columns bitfinex	time	' \
'columns bitfinex	sequence	' \
'columns bitfinex	timestamp	' \
'columns bitfinex	frr	' \
'columns bitfinex	bid_period	' \
'columns bitfinex	ask_period	' \
'columns bitfinex	frr_amount_available	' \
'columns bitfinex	side	' \
'columns bitfinex	price	' \
'columns bitfinex	size	' \
'columns bitfinex	trade_id	' \
'columns bitfinex	tag	' \
'columns bitfinex	rate	' \
'columns bitfinex	period	' \
'columns bitfinex	prec	' \
'columns bitfinex	freq	' \
'columns bitfinex	len	' \
'columns bitfinex	action	' \
'columns bitfinex	count	' \
'columns bitfinex	order_id	' \
'columns bitfinex	checksum	' \
'columns bitfinex	interval	' \
'columns bitfinex	open	' \
'columns bitfinex	close	' \
'columns bitfinex	mark_price	' \
'columns bitfinex	deriv_price	' \
'columns bitfinex	spot_price	' \
'columns bitfinex	current_funding	' \
'columns bitfinex	next_funding_time	' \
'columns bitfinex	next_funding_accrued	' \
'columns bitfinex	next_funding_step	' \
'columns bitfinex	open_interest	' \
'columns bitfinex	insurance_fund	' \
'columns bitfinex	clamp_min	' \
'columns bitfinex	clamp_max	' \
'columns bitfinex	base_price	' \
'columns bitfinex	position_id	' \
'columns bitfinex	is_match	' \
'columns bitfinex	is_market_sold	' \
'columns bitfinex	type	' \
'first bitfinex subscribe	ticker	best prices and statistics of the last 24 hours, of a pair or of a…' \
'first bitfinex channels	ticker	best prices and statistics of the last 24 hours, of a pair or of a…' \
'channel bitfinex subscribe ticker	ticker	' \
'symbols bitfinex subscribe ticker	*	' \
'params bitfinex subscribe ticker	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex subscribe ticker	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe ticker flags=	timestamp	' \
'values bitfinex subscribe ticker flags=	sequence	' \
'values bitfinex subscribe ticker flags=	checksum	' \
'values bitfinex subscribe ticker flags=	bulk	' \
'first bitfinex subscribe	trades	public trades, each sent twice: te at once, tu a moment later (fte and…' \
'first bitfinex channels	trades	public trades, each sent twice: te at once, tu a moment later (fte and…' \
'channel bitfinex subscribe trades	trades	' \
'symbols bitfinex subscribe trades	*	' \
'params bitfinex subscribe trades	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex subscribe trades	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe trades flags=	timestamp	' \
'values bitfinex subscribe trades flags=	sequence	' \
'values bitfinex subscribe trades flags=	checksum	' \
'values bitfinex subscribe trades flags=	bulk	' \
'first bitfinex subscribe	book	the order book by price, or with prec=R0 order by order…' \
'first bitfinex channels	book	the order book by price, or with prec=R0 order by order…' \
'channel bitfinex subscribe book	book	' \
'symbols bitfinex subscribe book	*	' \
'params bitfinex subscribe book	prec=	P0 prices of 5 significant figures, P4 of one; R0 single orders' \
'values bitfinex subscribe book prec=	P0	default' \
'values bitfinex subscribe book prec=	P1	' \
'values bitfinex subscribe book prec=	P2	' \
'values bitfinex subscribe book prec=	P3	' \
'values bitfinex subscribe book prec=	P4	' \
'values bitfinex subscribe book prec=	R0	' \
'params bitfinex subscribe book	freq=	F0 every change, F1 every two seconds; not for a raw book (R0)' \
'values bitfinex subscribe book freq=	F0	default' \
'values bitfinex subscribe book freq=	F1	' \
'params bitfinex subscribe book	len=	levels per side; with R0 orders per side' \
'values bitfinex subscribe book len=	1	' \
'values bitfinex subscribe book len=	25	default' \
'values bitfinex subscribe book len=	100	' \
'values bitfinex subscribe book len=	250	' \
'params bitfinex subscribe book	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex subscribe book	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe book flags=	timestamp	' \
'values bitfinex subscribe book flags=	sequence	' \
'values bitfinex subscribe book flags=	checksum	' \
'values bitfinex subscribe book flags=	bulk	' \
'first bitfinex subscribe	candles	candles; the current one is sent again whenever it changes' \
'first bitfinex channels	candles	candles; the current one is sent again whenever it changes' \
'channel bitfinex subscribe candles	candles	' \
'params bitfinex subscribe candles	timeframe=	one of 1m 5m 15m 30m 1h 3h 6h 12h 1D 1W 14D 1M' \
'values bitfinex subscribe candles timeframe=	1m	default' \
'values bitfinex subscribe candles timeframe=	5m	' \
'values bitfinex subscribe candles timeframe=	15m	' \
'values bitfinex subscribe candles timeframe=	30m	' \
'values bitfinex subscribe candles timeframe=	1h	' \
'values bitfinex subscribe candles timeframe=	3h	' \
'values bitfinex subscribe candles timeframe=	6h	' \
'values bitfinex subscribe candles timeframe=	12h	' \
'values bitfinex subscribe candles timeframe=	1D	' \
'values bitfinex subscribe candles timeframe=	1W	' \
'values bitfinex subscribe candles timeframe=	14D	' \
'values bitfinex subscribe candles timeframe=	1M	' \
'params bitfinex subscribe candles	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex subscribe candles	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe candles flags=	timestamp	' \
'values bitfinex subscribe candles flags=	sequence	' \
'values bitfinex subscribe candles flags=	checksum	' \
'values bitfinex subscribe candles flags=	bulk	' \
'first bitfinex subscribe	trade:	as the exchange writes it: trade:{timeframe}:{symbol}' \
'channel bitfinex subscribe trade:	candles	' \
'channel bitfinex subscribe trade:1m:	candles	' \
'channel bitfinex subscribe trade:5m:	candles	' \
'channel bitfinex subscribe trade:15m:	candles	' \
'channel bitfinex subscribe trade:30m:	candles	' \
'channel bitfinex subscribe trade:1h:	candles	' \
'channel bitfinex subscribe trade:3h:	candles	' \
'channel bitfinex subscribe trade:6h:	candles	' \
'channel bitfinex subscribe trade:12h:	candles	' \
'channel bitfinex subscribe trade:1D:	candles	' \
'channel bitfinex subscribe trade:1W:	candles	' \
'channel bitfinex subscribe trade:14D:	candles	' \
'channel bitfinex subscribe trade:1M:	candles	' \
'rest bitfinex subscribe trade:	1m:	' \
'rest bitfinex subscribe trade:	5m:	' \
'rest bitfinex subscribe trade:	15m:	' \
'rest bitfinex subscribe trade:	30m:	' \
'rest bitfinex subscribe trade:	1h:	' \
'rest bitfinex subscribe trade:	3h:	' \
'rest bitfinex subscribe trade:	6h:	' \
'rest bitfinex subscribe trade:	12h:	' \
'rest bitfinex subscribe trade:	1D:	' \
'rest bitfinex subscribe trade:	1W:	' \
'rest bitfinex subscribe trade:	14D:	' \
'rest bitfinex subscribe trade:	1M:	' \
'channel bitfinex subscribe key=trade:	candles	' \
'channel bitfinex subscribe key=trade:1m:	candles	' \
'channel bitfinex subscribe key=trade:5m:	candles	' \
'channel bitfinex subscribe key=trade:15m:	candles	' \
'channel bitfinex subscribe key=trade:30m:	candles	' \
'channel bitfinex subscribe key=trade:1h:	candles	' \
'channel bitfinex subscribe key=trade:3h:	candles	' \
'channel bitfinex subscribe key=trade:6h:	candles	' \
'channel bitfinex subscribe key=trade:12h:	candles	' \
'channel bitfinex subscribe key=trade:1D:	candles	' \
'channel bitfinex subscribe key=trade:1W:	candles	' \
'channel bitfinex subscribe key=trade:14D:	candles	' \
'channel bitfinex subscribe key=trade:1M:	candles	' \
'rest bitfinex subscribe key=trade:	1m:	' \
'rest bitfinex subscribe key=trade:	5m:	' \
'rest bitfinex subscribe key=trade:	15m:	' \
'rest bitfinex subscribe key=trade:	30m:	' \
'rest bitfinex subscribe key=trade:	1h:	' \
'rest bitfinex subscribe key=trade:	3h:	' \
'rest bitfinex subscribe key=trade:	6h:	' \
'rest bitfinex subscribe key=trade:	12h:	' \
'rest bitfinex subscribe key=trade:	1D:	' \
'rest bitfinex subscribe key=trade:	1W:	' \
'rest bitfinex subscribe key=trade:	14D:	' \
'rest bitfinex subscribe key=trade:	1M:	' \
'first bitfinex subscribe	status	the state of a derivative (deriv:…), or every liquidation (liq:global)' \
'first bitfinex channels	status	the state of a derivative (deriv:…), or every liquidation (liq:global)' \
'channel bitfinex subscribe status	status	' \
'params bitfinex subscribe status	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex subscribe status	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe status flags=	timestamp	' \
'values bitfinex subscribe status flags=	sequence	' \
'values bitfinex subscribe status flags=	checksum	' \
'values bitfinex subscribe status flags=	bulk	' \
'channel bitfinex subscribe key=	status	' \
'first bitfinex subscribe	account	your orders, positions, trades, wallets, offers, loans and…' \
'first bitfinex channels	account	your orders, positions, trades, wallets, offers, loans and…' \
'channel bitfinex subscribe account	account	' \
'params bitfinex subscribe account	filter=	what the login requests; default: everything' \
'values bitfinex subscribe account filter=	trading	' \
'values bitfinex subscribe account filter=	funding	' \
'values bitfinex subscribe account filter=	wallet	' \
'values bitfinex subscribe account filter=	algo	' \
'values bitfinex subscribe account filter=	balance	' \
'values bitfinex subscribe account filter=	notify	' \
'params bitfinex subscribe account	dms=	dead man\'s switch: 4 cancels ALL your orders when this connection ends' \
'values bitfinex subscribe account dms=	4	' \
'params bitfinex subscribe account	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex subscribe account flags=	timestamp	' \
'values bitfinex subscribe account flags=	sequence	' \
'values bitfinex subscribe account flags=	checksum	' \
'values bitfinex subscribe account flags=	bulk	' \
'first bitfinex book	book	the order book by price, or with prec=R0 order by order…' \
'channel bitfinex book book	book	' \
'symbols bitfinex book book	*	' \
'params bitfinex book book	prec=	P0 prices of 5 significant figures, P4 of one; R0 single orders' \
'values bitfinex book book prec=	P0	default' \
'values bitfinex book book prec=	P1	' \
'values bitfinex book book prec=	P2	' \
'values bitfinex book book prec=	P3	' \
'values bitfinex book book prec=	P4	' \
'values bitfinex book book prec=	R0	' \
'params bitfinex book book	freq=	F0 every change, F1 every two seconds; not for a raw book (R0)' \
'values bitfinex book book freq=	F0	default' \
'values bitfinex book book freq=	F1	' \
'params bitfinex book book	len=	levels per side; with R0 orders per side' \
'values bitfinex book book len=	1	' \
'values bitfinex book book len=	25	default' \
'values bitfinex book book len=	100	' \
'values bitfinex book book len=	250	' \
'params bitfinex book book	subId=	any text; the acknowledgement and errors repeat it' \
'params bitfinex book book	flags=	requested with conf before the subscription; they apply to the whole…' \
'values bitfinex book book flags=	timestamp	' \
'values bitfinex book book flags=	sequence	' \
'values bitfinex book book flags=	checksum	' \
'values bitfinex book book flags=	bulk	' \
'first bitfinex book	tBTCUSD	' \
'first bitfinex book	tETHUSD	' \
'first bitfinex book	tLTCUSD	' \
'first bitfinex book	tXRPUSD	' \
'first bitfinex book	tSOLUSD	' \
'first bitfinex book	tZECUSD	' \
'first bitfinex book	tBTCUST	' \
'first bitfinex book	tETHUST	' \
'first bitfinex book	tLTCUST	' \
'first bitfinex book	tXRPUST	' \
'first bitfinex book	tSOLUST	' \
'first bitfinex book	tBTCEUR	' \
'first bitfinex book	tETHEUR	' \
'first bitfinex book	tETHBTC	' \
'first bitfinex book	tBTCF0:USTF0	' \
'first bitfinex book	fUSD	' \
'first bitfinex book	fBTC	' \
'channel bitfinex book tBTCUSD	book	' \
'channel bitfinex book tETHUSD	book	' \
'channel bitfinex book tLTCUSD	book	' \
'channel bitfinex book tXRPUSD	book	' \
'channel bitfinex book tSOLUSD	book	' \
'channel bitfinex book tZECUSD	book	' \
'channel bitfinex book tBTCUST	book	' \
'channel bitfinex book tETHUST	book	' \
'channel bitfinex book tLTCUST	book	' \
'channel bitfinex book tXRPUST	book	' \
'channel bitfinex book tSOLUST	book	' \
'channel bitfinex book tBTCEUR	book	' \
'channel bitfinex book tETHEUR	book	' \
'channel bitfinex book tETHBTC	book	' \
'channel bitfinex book tBTCF0:USTF0	book	' \
'channel bitfinex book fUSD	book	' \
'channel bitfinex book fBTC	book	' \
'api bitfinex	v1	unverified' \
'markets bitfinex	BTCUSD	' \
'markets bitfinex	ETHUSD	' \
'markets bitfinex	LTCUSD	' \
'markets bitfinex	XRPUSD	' \
'markets bitfinex	SOLUSD	' \
'markets bitfinex	ZECUSD	' \
'markets bitfinex	BTCUST	' \
'markets bitfinex	ETHUST	' \
'markets bitfinex	LTCUST	' \
'markets bitfinex	XRPUST	' \
'markets bitfinex	SOLUST	' \
'markets bitfinex	BTCEUR	' \
'markets bitfinex	ETHEUR	' \
'markets bitfinex	ETHBTC	' \
'markets bitfinex	LTCBTC	' \
'columns bitfinex	seq	' \
'first bitfinex book	BTCUSD	' \
'first bitfinex book	ETHUSD	' \
'first bitfinex book	LTCUSD	' \
'first bitfinex book	XRPUSD	' \
'first bitfinex book	SOLUSD	' \
'first bitfinex book	ZECUSD	' \
'first bitfinex book	BTCUST	' \
'first bitfinex book	ETHUST	' \
'first bitfinex book	LTCUST	' \
'first bitfinex book	XRPUST	' \
'first bitfinex book	SOLUST	' \
'first bitfinex book	BTCEUR	' \
'first bitfinex book	ETHEUR	' \
'first bitfinex book	ETHBTC	' \
'first bitfinex book	LTCBTC	' \
'channel bitfinex book BTCUSD	book	' \
'channel bitfinex book ETHUSD	book	' \
'channel bitfinex book LTCUSD	book	' \
'channel bitfinex book XRPUSD	book	' \
'channel bitfinex book SOLUSD	book	' \
'channel bitfinex book ZECUSD	book	' \
'channel bitfinex book BTCUST	book	' \
'channel bitfinex book ETHUST	book	' \
'channel bitfinex book LTCUST	book	' \
'channel bitfinex book XRPUST	book	' \
'channel bitfinex book SOLUST	book	' \
'channel bitfinex book BTCEUR	book	' \
'channel bitfinex book ETHEUR	book	' \
'channel bitfinex book ETHBTC	book	' \
'channel bitfinex book LTCBTC	book	' \
'api bitstamp	v2	live' \
'markets bitstamp	btcusd	' \
'markets bitstamp	ethusd	' \
'markets bitstamp	ltcusd	' \
'markets bitstamp	xrpusd	' \
'markets bitstamp	solusd	' \
'markets bitstamp	zecusd	' \
'markets bitstamp	btceur	' \
'markets bitstamp	etheur	' \
'markets bitstamp	ltceur	' \
'markets bitstamp	xrpeur	' \
'markets bitstamp	soleur	' \
'markets bitstamp	btcusdt	' \
'markets bitstamp	ethusdt	' \
'markets bitstamp	xrpusdt	' \
'markets bitstamp	ethbtc	' \
'markets bitstamp	btcusd-perp	' \
'markets bitstamp	ethusd-perp	' \
'markets bitstamp	ltcusd-perp	' \
'markets bitstamp	xrpusd-perp	' \
'markets bitstamp	solusd-perp	' \
'columns bitstamp	lag	reception less the event\'s own time, in ms' \
'columns bitstamp	exchange	name of the exchange' \
'columns bitstamp	kind	' \
'columns bitstamp	channel	' \
'columns bitstamp	symbol	' \
'columns bitstamp	side	' \
'columns bitstamp	price	' \
'columns bitstamp	size	' \
'columns bitstamp	trade_id	' \
'columns bitstamp	time	' \
'columns bitstamp	buy_order_id	' \
'columns bitstamp	sell_order_id	' \
'columns bitstamp	order_id	' \
'columns bitstamp	event	' \
'columns bitstamp	order_type	' \
'columns bitstamp	fill_size	' \
'columns bitstamp	original_size	' \
'columns bitstamp	is_liquidation	' \
'columns bitstamp	event_id	' \
'columns bitstamp	pre_event_id	' \
'columns bitstamp	order_source	' \
'columns bitstamp	action	' \
'columns bitstamp	funding_rate	' \
'columns bitstamp	mark_price	' \
'columns bitstamp	index_price	' \
'columns bitstamp	next_funding_time	' \
'columns bitstamp	announcement_id	' \
'columns bitstamp	announcement_type	' \
'columns bitstamp	status	' \
'columns bitstamp	product	' \
'columns bitstamp	product_type	' \
'columns bitstamp	reason	' \
'columns bitstamp	start_time	' \
'columns bitstamp	end_time	' \
'columns bitstamp	corporate_action_details	' \
'columns bitstamp	multiplier_update_details	' \
'columns bitstamp	changed_fields	' \
'columns bitstamp	published_at	' \
'columns bitstamp	updated_time	' \
'first bitstamp subscribe	live_trades	public trades, one per message (Bitstamp has no ticker channel)' \
'first bitstamp channels	live_trades	public trades, one per message (Bitstamp has no ticker channel)' \
'channel bitstamp subscribe live_trades	live_trades	' \
'symbols bitstamp subscribe live_trades	*	' \
'first bitstamp subscribe	live_trades_	as the exchange writes it: live_trades_{symbol}' \
'channel bitstamp subscribe live_trades_	live_trades	' \
'first bitstamp subscribe	live_orders	every public order event; event_id and pre_event_id form a chain in…' \
'first bitstamp channels	live_orders	every public order event; event_id and pre_event_id form a chain in…' \
'channel bitstamp subscribe live_orders	live_orders	' \
'symbols bitstamp subscribe live_orders	*	' \
'first bitstamp subscribe	live_orders_	as the exchange writes it: live_orders_{symbol}' \
'channel bitstamp subscribe live_orders_	live_orders	' \
'first bitstamp subscribe	order_book	the best 100 levels of each side, all of them each time' \
'first bitstamp channels	order_book	the best 100 levels of each side, all of them each time' \
'channel bitstamp subscribe order_book	order_book	' \
'symbols bitstamp subscribe order_book	*	' \
'first bitstamp subscribe	order_book_	as the exchange writes it: order_book_{symbol}' \
'channel bitstamp subscribe order_book_	order_book	' \
'first bitstamp subscribe	detail_order_book	the best 100 orders of each side, all of them each time; a price is…' \
'first bitstamp channels	detail_order_book	the best 100 orders of each side, all of them each time; a price is…' \
'channel bitstamp subscribe detail_order_book	detail_order_book	' \
'symbols bitstamp subscribe detail_order_book	*	' \
'first bitstamp subscribe	detail_order_book_	as the exchange writes it: detail_order_book_{symbol}' \
'channel bitstamp subscribe detail_order_book_	detail_order_book	' \
'first bitstamp subscribe	diff_order_book	the levels that changed, over the whole depth, with their new size…' \
'first bitstamp channels	diff_order_book	the levels that changed, over the whole depth, with their new size…' \
'channel bitstamp subscribe diff_order_book	diff_order_book	' \
'symbols bitstamp subscribe diff_order_book	*	' \
'first bitstamp subscribe	diff_order_book_	as the exchange writes it: diff_order_book_{symbol}' \
'channel bitstamp subscribe diff_order_book_	diff_order_book	' \
'first bitstamp subscribe	funding_rate	funding rate, mark and index price of a perpetual' \
'first bitstamp channels	funding_rate	funding rate, mark and index price of a perpetual' \
'channel bitstamp subscribe funding_rate	funding_rate	' \
'symbols bitstamp subscribe funding_rate	*-perp	' \
'first bitstamp subscribe	funding_rate_	as the exchange writes it: funding_rate_{symbol}' \
'channel bitstamp subscribe funding_rate_	funding_rate	' \
'first bitstamp subscribe	announcements	halts and corporate actions of tokenised securities' \
'first bitstamp channels	announcements	halts and corporate actions of tokenised securities' \
'channel bitstamp subscribe announcements	announcements	' \
'first bitstamp subscribe	private-my_orders	your orders and stop orders, at every change' \
'first bitstamp channels	private-my_orders	your orders and stop orders, at every change' \
'channel bitstamp subscribe private-my_orders	private-my_orders	' \
'symbols bitstamp subscribe private-my_orders	*	' \
'params bitstamp subscribe private-my_orders	user_id=	the user; default: the user of the login' \
'first bitstamp subscribe	private-my_orders_	as the exchange writes it: private-my_orders_{symbol}-{user_id}' \
'channel bitstamp subscribe private-my_orders_	private-my_orders	' \
'channel bitstamp subscribe my_orders_	private-my_orders	' \
'first bitstamp subscribe	private-my_trades	your fills' \
'first bitstamp channels	private-my_trades	your fills' \
'channel bitstamp subscribe private-my_trades	private-my_trades	' \
'symbols bitstamp subscribe private-my_trades	*	' \
'params bitstamp subscribe private-my_trades	user_id=	the user; default: the user of the login' \
'first bitstamp subscribe	private-my_trades_	as the exchange writes it: private-my_trades_{symbol}-{user_id}' \
'channel bitstamp subscribe private-my_trades_	private-my_trades	' \
'channel bitstamp subscribe my_trades_	private-my_trades	' \
'first bitstamp subscribe	private-live_trades	trades whose two sides are both yours' \
'first bitstamp channels	private-live_trades	trades whose two sides are both yours' \
'channel bitstamp subscribe private-live_trades	private-live_trades	' \
'symbols bitstamp subscribe private-live_trades	*	' \
'params bitstamp subscribe private-live_trades	user_id=	the user; default: the user of the login' \
'first bitstamp subscribe	private-live_trades_	as the exchange writes it: private-live_trades_{symbol}-{user_id}' \
'channel bitstamp subscribe private-live_trades_	private-live_trades	' \
'first bitstamp subscribe	private-live_order_trades	trades of your orders; its fields are undocumented, a public trade\'s…' \
'first bitstamp channels	private-live_order_trades	trades of your orders; its fields are undocumented, a public trade\'s…' \
'channel bitstamp subscribe private-live_order_trades	private-live_order_trades	' \
'symbols bitstamp subscribe private-live_order_trades	*	' \
'params bitstamp subscribe private-live_order_trades	user_id=	the user; default: the user of the login' \
'first bitstamp subscribe	private-live_order_trades_	as the exchange writes it: private-live_order_trades_{symbol}-{user_id}' \
'channel bitstamp subscribe private-live_order_trades_	private-live_order_trades	' \
'first bitstamp subscribe	private-my_settlements	settlements of your perpetual positions, and insurance fund events' \
'first bitstamp channels	private-my_settlements	settlements of your perpetual positions, and insurance fund events' \
'channel bitstamp subscribe private-my_settlements	private-my_settlements	' \
'params bitstamp subscribe private-my_settlements	user_id=	the user; default: the user of the login' \
'channel bitstamp subscribe my_settlements	private-my_settlements	' \
'first bitstamp subscribe	private-my_liquidations	margin alerts and liquidations of your positions' \
'first bitstamp channels	private-my_liquidations	margin alerts and liquidations of your positions' \
'channel bitstamp subscribe private-my_liquidations	private-my_liquidations	' \
'params bitstamp subscribe private-my_liquidations	user_id=	the user; default: the user of the login' \
'channel bitstamp subscribe my_liquidations	private-my_liquidations	' \
'first bitstamp subscribe	private-my_token_settlements	tokens that are ready after an order for a tokenised security' \
'first bitstamp channels	private-my_token_settlements	tokens that are ready after an order for a tokenised security' \
'channel bitstamp subscribe private-my_token_settlements	private-my_token_settlements	' \
'params bitstamp subscribe private-my_token_settlements	user_id=	the user; default: the user of the login' \
'channel bitstamp subscribe my_token_settlements	private-my_token_settlements	' \
'first bitstamp book	order_book	the best 100 levels of each side, all of them each time' \
'channel bitstamp book order_book	order_book	' \
'symbols bitstamp book order_book	*	' \
'first bitstamp book	order_book_	as the exchange writes it: order_book_{symbol}' \
'channel bitstamp book order_book_	order_book	' \
'first bitstamp book	detail_order_book	the best 100 orders of each side, all of them each time; a price is…' \
'channel bitstamp book detail_order_book	detail_order_book	' \
'symbols bitstamp book detail_order_book	*	' \
'first bitstamp book	detail_order_book_	as the exchange writes it: detail_order_book_{symbol}' \
'channel bitstamp book detail_order_book_	detail_order_book	' \
'first bitstamp book	diff_order_book	the levels that changed, over the whole depth, with their new size…' \
'channel bitstamp book diff_order_book	diff_order_book	' \
'symbols bitstamp book diff_order_book	*	' \
'first bitstamp book	diff_order_book_	as the exchange writes it: diff_order_book_{symbol}' \
'channel bitstamp book diff_order_book_	diff_order_book	' \
'first bitstamp book	btcusd	' \
'first bitstamp book	ethusd	' \
'first bitstamp book	ltcusd	' \
'first bitstamp book	xrpusd	' \
'first bitstamp book	solusd	' \
'first bitstamp book	zecusd	' \
'first bitstamp book	btceur	' \
'first bitstamp book	etheur	' \
'first bitstamp book	ltceur	' \
'first bitstamp book	xrpeur	' \
'first bitstamp book	soleur	' \
'first bitstamp book	btcusdt	' \
'first bitstamp book	ethusdt	' \
'first bitstamp book	xrpusdt	' \
'first bitstamp book	ethbtc	' \
'first bitstamp book	btcusd-perp	' \
'first bitstamp book	ethusd-perp	' \
'first bitstamp book	ltcusd-perp	' \
'first bitstamp book	xrpusd-perp	' \
'first bitstamp book	solusd-perp	' \
'channel bitstamp book btcusd	order_book	' \
'channel bitstamp book ethusd	order_book	' \
'channel bitstamp book ltcusd	order_book	' \
'channel bitstamp book xrpusd	order_book	' \
'channel bitstamp book solusd	order_book	' \
'channel bitstamp book zecusd	order_book	' \
'channel bitstamp book btceur	order_book	' \
'channel bitstamp book etheur	order_book	' \
'channel bitstamp book ltceur	order_book	' \
'channel bitstamp book xrpeur	order_book	' \
'channel bitstamp book soleur	order_book	' \
'channel bitstamp book btcusdt	order_book	' \
'channel bitstamp book ethusdt	order_book	' \
'channel bitstamp book xrpusdt	order_book	' \
'channel bitstamp book ethbtc	order_book	' \
'channel bitstamp book btcusd-perp	order_book	' \
'channel bitstamp book ethusd-perp	order_book	' \
'channel bitstamp book ltcusd-perp	order_book	' \
'channel bitstamp book xrpusd-perp	order_book	' \
'channel bitstamp book solusd-perp	order_book	' \
'api whitebit	v4	live' \
'markets whitebit	BTC_USDT	' \
'markets whitebit	ETH_USDT	' \
'markets whitebit	LTC_USDT	' \
'markets whitebit	XRP_USDT	' \
'markets whitebit	SOL_USDT	' \
'markets whitebit	ZEC_USDT	' \
'markets whitebit	BTC_USD	' \
'markets whitebit	BTC_EUR	' \
'markets whitebit	ETH_EUR	' \
'markets whitebit	BTC_PERP	' \
'columns whitebit	lag	reception less the event\'s own time, in ms' \
'columns whitebit	exchange	name of the exchange' \
'columns whitebit	kind	' \
'columns whitebit	channel	' \
'columns whitebit	symbol	' \
'columns whitebit	interval	' \
'columns whitebit	time	' \
'columns whitebit	open	' \
'columns whitebit	high	' \
'columns whitebit	low	' \
'columns whitebit	close	' \
'columns whitebit	volume	' \
'columns whitebit	quote_volume	' \
'columns whitebit	last	' \
'columns whitebit	period	' \
'columns whitebit	side	' \
'columns whitebit	price	' \
'columns whitebit	size	' \
'columns whitebit	trade_id	' \
'columns whitebit	rpi	' \
'columns whitebit	limit	' \
'columns whitebit	price_interval	' \
'columns whitebit	action	' \
'columns whitebit	update_id	' \
'columns whitebit	past_update_id	' \
'columns whitebit	event_time	' \
'columns whitebit	bid	' \
'columns whitebit	bid_size	' \
'columns whitebit	ask	' \
'columns whitebit	ask_size	' \
'columns whitebit	message_time	' \
'columns whitebit	mark_price	' \
'columns whitebit	index_price	' \
'columns whitebit	funding_rate	' \
'columns whitebit	next_funding_time	' \
'first whitebit subscribe	candles	the current candle; one market and one interval per connection' \
'first whitebit channels	candles	the current candle; one market and one interval per connection' \
'channel whitebit subscribe candles	candles	' \
'symbols whitebit subscribe candles	*	' \
'params whitebit subscribe candles	interval=	seconds: 60 is a minute, 3600 an hour, 86400 a day' \
'values whitebit subscribe candles interval=	1	' \
'values whitebit subscribe candles interval=	2	' \
'values whitebit subscribe candles interval=	3	' \
'values whitebit subscribe candles interval=	4	' \
'values whitebit subscribe candles interval=	5	' \
'values whitebit subscribe candles interval=	6	' \
'values whitebit subscribe candles interval=	10	' \
'values whitebit subscribe candles interval=	12	' \
'values whitebit subscribe candles interval=	15	' \
'values whitebit subscribe candles interval=	20	' \
'values whitebit subscribe candles interval=	30	' \
'values whitebit subscribe candles interval=	60	' \
'values whitebit subscribe candles interval=	120	' \
'values whitebit subscribe candles interval=	180	' \
'values whitebit subscribe candles interval=	240	' \
'values whitebit subscribe candles interval=	300	' \
'values whitebit subscribe candles interval=	360	' \
'values whitebit subscribe candles interval=	600	' \
'values whitebit subscribe candles interval=	720	' \
'values whitebit subscribe candles interval=	900	' \
'values whitebit subscribe candles interval=	1200	' \
'values whitebit subscribe candles interval=	1800	' \
'values whitebit subscribe candles interval=	3600	' \
'values whitebit subscribe candles interval=	7200	' \
'values whitebit subscribe candles interval=	10800	' \
'values whitebit subscribe candles interval=	14400	' \
'values whitebit subscribe candles interval=	21600	' \
'values whitebit subscribe candles interval=	28800	' \
'values whitebit subscribe candles interval=	43200	' \
'values whitebit subscribe candles interval=	86400	' \
'values whitebit subscribe candles interval=	172800	' \
'values whitebit subscribe candles interval=	259200	' \
'values whitebit subscribe candles interval=	345600	' \
'values whitebit subscribe candles interval=	432000	' \
'values whitebit subscribe candles interval=	518400	' \
'values whitebit subscribe candles interval=	604800	' \
'values whitebit subscribe candles interval=	2592000	' \
'channel whitebit subscribe candles_subscribe	candles	' \
'first whitebit subscribe	candles_subscribe	candles, as the exchange calls it' \
'channel whitebit subscribe candles_update	candles	' \
'first whitebit subscribe	lastprice	the price of the last trade' \
'first whitebit channels	lastprice	the price of the last trade' \
'channel whitebit subscribe lastprice	lastprice	' \
'symbols whitebit subscribe lastprice	*	' \
'channel whitebit subscribe lastprice_subscribe	lastprice	' \
'first whitebit subscribe	lastprice_subscribe	lastprice, as the exchange calls it' \
'channel whitebit subscribe lastprice_update	lastprice	' \
'first whitebit subscribe	market	statistics of the last 24 hours' \
'first whitebit channels	market	statistics of the last 24 hours' \
'channel whitebit subscribe market	market	' \
'symbols whitebit subscribe market	*	' \
'channel whitebit subscribe market_subscribe	market	' \
'first whitebit subscribe	market_subscribe	market, as the exchange calls it' \
'channel whitebit subscribe market_update	market	' \
'first whitebit subscribe	marketToday	statistics since 00:00 UTC' \
'first whitebit channels	marketToday	statistics since 00:00 UTC' \
'channel whitebit subscribe marketToday	marketToday	' \
'symbols whitebit subscribe marketToday	*	' \
'channel whitebit subscribe marketToday_subscribe	marketToday	' \
'first whitebit subscribe	marketToday_subscribe	marketToday, as the exchange calls it' \
'channel whitebit subscribe marketToday_update	marketToday	' \
'first whitebit subscribe	trades	public trades, newest first; up to 100 past ones at the start' \
'first whitebit channels	trades	public trades, newest first; up to 100 past ones at the start' \
'channel whitebit subscribe trades	trades	' \
'symbols whitebit subscribe trades	*	' \
'channel whitebit subscribe trades_subscribe	trades	' \
'first whitebit subscribe	trades_subscribe	trades, as the exchange calls it' \
'channel whitebit subscribe trades_update	trades	' \
'first whitebit subscribe	depth	the order book: a snapshot (again after 10 quiet seconds), then changes' \
'first whitebit channels	depth	the order book: a snapshot (again after 10 quiet seconds), then changes' \
'channel whitebit subscribe depth	depth	' \
'symbols whitebit subscribe depth	*	' \
'params whitebit subscribe depth	limit=	levels per side' \
'values whitebit subscribe depth limit=	1	' \
'values whitebit subscribe depth limit=	5	' \
'values whitebit subscribe depth limit=	10	' \
'values whitebit subscribe depth limit=	20	' \
'values whitebit subscribe depth limit=	30	' \
'values whitebit subscribe depth limit=	50	' \
'values whitebit subscribe depth limit=	100	default' \
'params whitebit subscribe depth	price_interval=	price grouping; 0: every price' \
'values whitebit subscribe depth price_interval=	0	default' \
'values whitebit subscribe depth price_interval=	0.00000001	' \
'values whitebit subscribe depth price_interval=	0.0000001	' \
'values whitebit subscribe depth price_interval=	0.000001	' \
'values whitebit subscribe depth price_interval=	0.00001	' \
'values whitebit subscribe depth price_interval=	0.0001	' \
'values whitebit subscribe depth price_interval=	0.001	' \
'values whitebit subscribe depth price_interval=	0.01	' \
'values whitebit subscribe depth price_interval=	0.1	' \
'params whitebit subscribe depth	multiple=	false: drop every other depth subscription first' \
'values whitebit subscribe depth multiple=	true	default' \
'values whitebit subscribe depth multiple=	false	' \
'channel whitebit subscribe depth_subscribe	depth	' \
'first whitebit subscribe	depth_subscribe	depth, as the exchange calls it' \
'channel whitebit subscribe depth_update	depth	' \
'first whitebit subscribe	bookTicker	the best bid and ask; without a symbol, of every market' \
'first whitebit channels	bookTicker	the best bid and ask; without a symbol, of every market' \
'channel whitebit subscribe bookTicker	bookTicker	' \
'symbols whitebit subscribe bookTicker	*	' \
'channel whitebit subscribe bookTicker_subscribe	bookTicker	' \
'first whitebit subscribe	bookTicker_subscribe	bookTicker, as the exchange calls it' \
'channel whitebit subscribe bookTicker_update	bookTicker	' \
'first whitebit subscribe	premiumIndex	mark and index price and funding of the perpetuals; without a symbol…' \
'first whitebit channels	premiumIndex	mark and index price and funding of the perpetuals; without a symbol…' \
'channel whitebit subscribe premiumIndex	premiumIndex	' \
'symbols whitebit subscribe premiumIndex	*_PERP	' \
'channel whitebit subscribe premiumIndex_subscribe	premiumIndex	' \
'first whitebit subscribe	premiumIndex_subscribe	premiumIndex, as the exchange calls it' \
'channel whitebit subscribe premiumIndex_update	premiumIndex	' \
'first whitebit subscribe	balanceSpot	your spot balances, at every change; without a currency, all of them' \
'first whitebit channels	balanceSpot	your spot balances, at every change; without a currency, all of them' \
'channel whitebit subscribe balanceSpot	balanceSpot	' \
'channel whitebit subscribe balanceSpot_subscribe	balanceSpot	' \
'first whitebit subscribe	balanceSpot_subscribe	balanceSpot, as the exchange calls it' \
'channel whitebit subscribe balanceSpot_update	balanceSpot	' \
'first whitebit subscribe	balanceMargin	your margin balances, at every change; without a currency, all of them' \
'first whitebit channels	balanceMargin	your margin balances, at every change; without a currency, all of them' \
'channel whitebit subscribe balanceMargin	balanceMargin	' \
'channel whitebit subscribe balanceMargin_subscribe	balanceMargin	' \
'first whitebit subscribe	balanceMargin_subscribe	balanceMargin, as the exchange calls it' \
'channel whitebit subscribe balanceMargin_update	balanceMargin	' \
'first whitebit subscribe	ordersPending	your open orders: new, changed, finished; an order that is filled at…' \
'first whitebit channels	ordersPending	your open orders: new, changed, finished; an order that is filled at…' \
'channel whitebit subscribe ordersPending	ordersPending	' \
'symbols whitebit subscribe ordersPending	*	' \
'channel whitebit subscribe ordersPending_subscribe	ordersPending	' \
'first whitebit subscribe	ordersPending_subscribe	ordersPending, as the exchange calls it' \
'channel whitebit subscribe ordersPending_update	ordersPending	' \
'first whitebit subscribe	ordersExecuted	your finished orders' \
'first whitebit channels	ordersExecuted	your finished orders' \
'channel whitebit subscribe ordersExecuted	ordersExecuted	' \
'symbols whitebit subscribe ordersExecuted	*	' \
'params whitebit subscribe ordersExecuted	filter=	0: all, 1: limit orders, 2: market orders' \
'values whitebit subscribe ordersExecuted filter=	0	default' \
'values whitebit subscribe ordersExecuted filter=	1	' \
'values whitebit subscribe ordersExecuted filter=	2	' \
'channel whitebit subscribe ordersExecuted_subscribe	ordersExecuted	' \
'first whitebit subscribe	ordersExecuted_subscribe	ordersExecuted, as the exchange calls it' \
'channel whitebit subscribe ordersExecuted_update	ordersExecuted	' \
'first whitebit subscribe	deals	your trades' \
'first whitebit channels	deals	your trades' \
'channel whitebit subscribe deals	deals	' \
'symbols whitebit subscribe deals	*	' \
'channel whitebit subscribe deals_subscribe	deals	' \
'first whitebit subscribe	deals_subscribe	deals, as the exchange calls it' \
'channel whitebit subscribe deals_update	deals	' \
'first whitebit subscribe	positionsMargin	all your open positions, at every change' \
'first whitebit channels	positionsMargin	all your open positions, at every change' \
'channel whitebit subscribe positionsMargin	positionsMargin	' \
'channel whitebit subscribe positionsMargin_subscribe	positionsMargin	' \
'first whitebit subscribe	positionsMargin_subscribe	positionsMargin, as the exchange calls it' \
'channel whitebit subscribe positionsMargin_update	positionsMargin	' \
'first whitebit subscribe	borrowsMargin	all your open borrows, at every change' \
'first whitebit channels	borrowsMargin	all your open borrows, at every change' \
'channel whitebit subscribe borrowsMargin	borrowsMargin	' \
'channel whitebit subscribe borrowsMargin_subscribe	borrowsMargin	' \
'first whitebit subscribe	borrowsMargin_subscribe	borrowsMargin, as the exchange calls it' \
'channel whitebit subscribe borrowsMargin_update	borrowsMargin	' \
'first whitebit subscribe	positionsAccountMargin	margin calls and liquidations of your positions' \
'first whitebit channels	positionsAccountMargin	margin calls and liquidations of your positions' \
'channel whitebit subscribe positionsAccountMargin	positionsAccountMargin	' \
'channel whitebit subscribe positionsAccountMargin_subscribe	positionsAccountMargin	' \
'first whitebit subscribe	positionsAccountMargin_subscribe	positionsAccountMargin, as the exchange calls it' \
'channel whitebit subscribe positionsAccountMargin_update	positionsAccountMargin	' \
'first whitebit subscribe	borrowsAccountMargin	margin calls and liquidations of your borrows' \
'first whitebit channels	borrowsAccountMargin	margin calls and liquidations of your borrows' \
'channel whitebit subscribe borrowsAccountMargin	borrowsAccountMargin	' \
'channel whitebit subscribe borrowsAccountMargin_subscribe	borrowsAccountMargin	' \
'first whitebit subscribe	borrowsAccountMargin_subscribe	borrowsAccountMargin, as the exchange calls it' \
'channel whitebit subscribe borrowsAccountMargin_update	borrowsAccountMargin	' \
'first whitebit subscribe	ADLQuantile	how near your perpetual positions are to auto-deleveraging; without a…' \
'first whitebit channels	ADLQuantile	how near your perpetual positions are to auto-deleveraging; without a…' \
'channel whitebit subscribe ADLQuantile	ADLQuantile	' \
'symbols whitebit subscribe ADLQuantile	*_PERP	' \
'channel whitebit subscribe ADLQuantile_subscribe	ADLQuantile	' \
'first whitebit subscribe	ADLQuantile_subscribe	ADLQuantile, as the exchange calls it' \
'channel whitebit subscribe ADLQuantile_update	ADLQuantile	' \
'first whitebit query	time	the clock of the server' \
'first whitebit channels	time	the clock of the server' \
'channel whitebit query time	time	' \
'first whitebit query	candles	candles from start to end' \
'channel whitebit query candles	candles	' \
'symbols whitebit query candles	*	' \
'params whitebit query candles	start=	-1h, -30m, now, 2026-11-29T12:00:00Z, or seconds since the epoch' \
'values whitebit query candles start=	-1h	' \
'values whitebit query candles start=	-1d	' \
'values whitebit query candles start=	now	' \
'params whitebit query candles	end=	not before start' \
'values whitebit query candles end=	-1h	' \
'values whitebit query candles end=	-1d	' \
'values whitebit query candles end=	now	' \
'params whitebit query candles	interval=	seconds: 60 is a minute, 3600 an hour, 86400 a day' \
'values whitebit query candles interval=	1	' \
'values whitebit query candles interval=	2	' \
'values whitebit query candles interval=	3	' \
'values whitebit query candles interval=	4	' \
'values whitebit query candles interval=	5	' \
'values whitebit query candles interval=	6	' \
'values whitebit query candles interval=	10	' \
'values whitebit query candles interval=	12	' \
'values whitebit query candles interval=	15	' \
'values whitebit query candles interval=	20	' \
'values whitebit query candles interval=	30	' \
'values whitebit query candles interval=	60	' \
'values whitebit query candles interval=	120	' \
'values whitebit query candles interval=	180	' \
'values whitebit query candles interval=	240	' \
'values whitebit query candles interval=	300	' \
'values whitebit query candles interval=	360	' \
'values whitebit query candles interval=	600	' \
'values whitebit query candles interval=	720	' \
'values whitebit query candles interval=	900	' \
'values whitebit query candles interval=	1200	' \
'values whitebit query candles interval=	1800	' \
'values whitebit query candles interval=	3600	' \
'values whitebit query candles interval=	7200	' \
'values whitebit query candles interval=	10800	' \
'values whitebit query candles interval=	14400	' \
'values whitebit query candles interval=	21600	' \
'values whitebit query candles interval=	28800	' \
'values whitebit query candles interval=	43200	' \
'values whitebit query candles interval=	86400	' \
'values whitebit query candles interval=	172800	' \
'values whitebit query candles interval=	259200	' \
'values whitebit query candles interval=	345600	' \
'values whitebit query candles interval=	432000	' \
'values whitebit query candles interval=	518400	' \
'values whitebit query candles interval=	604800	' \
'values whitebit query candles interval=	2592000	' \
'channel whitebit query candles_request	candles	' \
'first whitebit query	candles_request	candles, as the exchange calls it' \
'first whitebit query	lastprice	the price of the last trade' \
'channel whitebit query lastprice	lastprice	' \
'symbols whitebit query lastprice	*	' \
'channel whitebit query lastprice_request	lastprice	' \
'first whitebit query	lastprice_request	lastprice, as the exchange calls it' \
'first whitebit query	market	statistics of the last `period` seconds' \
'channel whitebit query market	market	' \
'symbols whitebit query market	*	' \
'params whitebit query market	period=	the last so many seconds' \
'channel whitebit query market_request	market	' \
'first whitebit query	market_request	market, as the exchange calls it' \
'first whitebit query	marketToday	statistics since 00:00 UTC' \
'channel whitebit query marketToday	marketToday	' \
'symbols whitebit query marketToday	*	' \
'channel whitebit query marketToday_query	marketToday	' \
'first whitebit query	marketToday_query	marketToday, as the exchange calls it' \
'first whitebit query	trades	past trades, newest first' \
'channel whitebit query trades	trades	' \
'symbols whitebit query trades	*	' \
'params whitebit query trades	limit=	at most this many' \
'params whitebit query trades	last_id=	only trades with a greater id; 0: the newest' \
'channel whitebit query trades_request	trades	' \
'first whitebit query	trades_request	trades, as the exchange calls it' \
'first whitebit query	depth	the current order book' \
'channel whitebit query depth	depth	' \
'symbols whitebit query depth	*	' \
'params whitebit query depth	limit=	levels per side' \
'params whitebit query depth	price_interval=	price grouping; 0: every price' \
'values whitebit query depth price_interval=	0	default' \
'values whitebit query depth price_interval=	0.00000001	' \
'values whitebit query depth price_interval=	0.0000001	' \
'values whitebit query depth price_interval=	0.000001	' \
'values whitebit query depth price_interval=	0.00001	' \
'values whitebit query depth price_interval=	0.0001	' \
'values whitebit query depth price_interval=	0.001	' \
'values whitebit query depth price_interval=	0.01	' \
'values whitebit query depth price_interval=	0.1	' \
'channel whitebit query depth_request	depth	' \
'first whitebit query	depth_request	depth, as the exchange calls it' \
'first whitebit query	balanceSpot	your spot balances; without a currency, of all' \
'channel whitebit query balanceSpot	balanceSpot	' \
'channel whitebit query balanceSpot_request	balanceSpot	' \
'first whitebit query	balanceSpot_request	balanceSpot, as the exchange calls it' \
'first whitebit query	balanceMargin	your margin balances; without a currency, of all' \
'channel whitebit query balanceMargin	balanceMargin	' \
'channel whitebit query balanceMargin_request	balanceMargin	' \
'first whitebit query	balanceMargin_request	balanceMargin, as the exchange calls it' \
'first whitebit query	ordersPending	your open orders of a market' \
'channel whitebit query ordersPending	ordersPending	' \
'symbols whitebit query ordersPending	*	' \
'params whitebit query ordersPending	offset=	number of records to skip' \
'params whitebit query ordersPending	limit=	at most this many records' \
'channel whitebit query ordersPending_request	ordersPending	' \
'first whitebit query	ordersPending_request	ordersPending, as the exchange calls it' \
'first whitebit query	ordersExecuted	your finished orders of a market' \
'channel whitebit query ordersExecuted	ordersExecuted	' \
'symbols whitebit query ordersExecuted	*	' \
'params whitebit query ordersExecuted	offset=	number of records to skip' \
'params whitebit query ordersExecuted	limit=	at most this many records' \
'params whitebit query ordersExecuted	order_types=	of this type' \
'values whitebit query ordersExecuted order_types=	1	' \
'values whitebit query ordersExecuted order_types=	2	' \
'values whitebit query ordersExecuted order_types=	202	' \
'values whitebit query ordersExecuted order_types=	3	' \
'values whitebit query ordersExecuted order_types=	4	' \
'values whitebit query ordersExecuted order_types=	7	' \
'values whitebit query ordersExecuted order_types=	8	' \
'values whitebit query ordersExecuted order_types=	9	' \
'values whitebit query ordersExecuted order_types=	10	' \
'values whitebit query ordersExecuted order_types=	14	' \
'channel whitebit query ordersExecuted_request	ordersExecuted	' \
'first whitebit query	ordersExecuted_request	ordersExecuted, as the exchange calls it' \
'first whitebit query	deals	your trades on a market' \
'channel whitebit query deals	deals	' \
'symbols whitebit query deals	*	' \
'params whitebit query deals	offset=	number of records to skip' \
'params whitebit query deals	limit=	at most this many records' \
'channel whitebit query deals_request	deals	' \
'first whitebit query	deals_request	deals, as the exchange calls it' \
'first whitebit book	depth	the order book: a snapshot (again after 10 quiet seconds), then changes' \
'channel whitebit book depth	depth	' \
'symbols whitebit book depth	*	' \
'params whitebit book depth	limit=	levels per side' \
'values whitebit book depth limit=	1	' \
'values whitebit book depth limit=	5	' \
'values whitebit book depth limit=	10	' \
'values whitebit book depth limit=	20	' \
'values whitebit book depth limit=	30	' \
'values whitebit book depth limit=	50	' \
'values whitebit book depth limit=	100	default' \
'params whitebit book depth	price_interval=	price grouping; 0: every price' \
'values whitebit book depth price_interval=	0	default' \
'values whitebit book depth price_interval=	0.00000001	' \
'values whitebit book depth price_interval=	0.0000001	' \
'values whitebit book depth price_interval=	0.000001	' \
'values whitebit book depth price_interval=	0.00001	' \
'values whitebit book depth price_interval=	0.0001	' \
'values whitebit book depth price_interval=	0.001	' \
'values whitebit book depth price_interval=	0.01	' \
'values whitebit book depth price_interval=	0.1	' \
'params whitebit book depth	multiple=	false: drop every other depth subscription first' \
'values whitebit book depth multiple=	true	default' \
'values whitebit book depth multiple=	false	' \
'channel whitebit book depth_subscribe	depth	' \
'first whitebit book	depth_subscribe	depth, as the exchange calls it' \
'channel whitebit book depth_update	depth	' \
'first whitebit book	BTC_USDT	' \
'first whitebit book	ETH_USDT	' \
'first whitebit book	LTC_USDT	' \
'first whitebit book	XRP_USDT	' \
'first whitebit book	SOL_USDT	' \
'first whitebit book	ZEC_USDT	' \
'first whitebit book	BTC_USD	' \
'first whitebit book	BTC_EUR	' \
'first whitebit book	ETH_EUR	' \
'channel whitebit book BTC_USDT	depth	' \
'channel whitebit book ETH_USDT	depth	' \
'channel whitebit book LTC_USDT	depth	' \
'channel whitebit book XRP_USDT	depth	' \
'channel whitebit book SOL_USDT	depth	' \
'channel whitebit book ZEC_USDT	depth	' \
'channel whitebit book BTC_USD	depth	' \
'channel whitebit book BTC_EUR	depth	' \
'channel whitebit book ETH_EUR	depth	' \
'api bybit	v5	live' \
'markets bybit	BTCUSDT	' \
'markets bybit	ETHUSDT	' \
'markets bybit	LTCUSDT	' \
'markets bybit	XRPUSDT	' \
'markets bybit	SOLUSDT	' \
'markets bybit	BTCEUR	' \
'markets bybit	ETHEUR	' \
'markets bybit	ZECUSDT	' \
'first bybit channels	order.create	places an order; the answer confirms the request, the channel `order`…' \
'first bybit channels	order.amend	changes an order' \
'first bybit channels	order.cancel	cancels an order' \
'first bybit channels	order.create-batch	places up to 20 orders (spot 10)' \
'first bybit channels	order.amend-batch	changes several orders' \
'first bybit channels	order.cancel-batch	cancels several orders' \
'columns bybit	lag	reception less the event\'s own time, in ms' \
'columns bybit	exchange	name of the exchange' \
'columns bybit	kind	' \
'columns bybit	channel	' \
'columns bybit	symbol	' \
'columns bybit	product	' \
'columns bybit	side	' \
'columns bybit	price	' \
'columns bybit	size	' \
'columns bybit	trade_id	' \
'columns bybit	time	' \
'columns bybit	tick_direction	' \
'columns bybit	block_trade	' \
'columns bybit	rpi	' \
'columns bybit	seq	' \
'columns bybit	mark_price	' \
'columns bybit	index_price	' \
'columns bybit	mark_iv	' \
'columns bybit	iv	' \
'columns bybit	action	' \
'columns bybit	rpi_size	' \
'columns bybit	update_id	' \
'columns bybit	depth	' \
'columns bybit	last	' \
'columns bybit	bid	' \
'columns bybit	bid_size	' \
'columns bybit	ask	' \
'columns bybit	ask_size	' \
'columns bybit	bid_iv	' \
'columns bybit	ask_iv	' \
'columns bybit	open	' \
'columns bybit	high	' \
'columns bybit	low	' \
'columns bybit	volume	' \
'columns bybit	quote_volume	' \
'columns bybit	change_ratio	' \
'columns bybit	funding_rate	' \
'columns bybit	next_funding_time	' \
'columns bybit	tickDirection	' \
'columns bybit	prevPrice1h	' \
'columns bybit	openInterest	' \
'columns bybit	openInterestValue	' \
'columns bybit	singleOpenInterest	' \
'columns bybit	singleOpenInterestValue	' \
'columns bybit	fundingIntervalHour	' \
'columns bybit	fundingCap	' \
'columns bybit	preOpenPrice	' \
'columns bybit	preQty	' \
'columns bybit	curPreListingPhase	' \
'columns bybit	deliveryTime	' \
'columns bybit	basis	' \
'columns bybit	basisRate	' \
'columns bybit	basisRateYear	' \
'columns bybit	deliveryFeeRate	' \
'columns bybit	predictedDeliveryPrice	' \
'columns bybit	markPriceIv	' \
'columns bybit	underlyingPrice	' \
'columns bybit	totalVolume	' \
'columns bybit	totalTurnover	' \
'columns bybit	delta	' \
'columns bybit	gamma	' \
'columns bybit	vega	' \
'columns bybit	theta	' \
'columns bybit	change24h	' \
'columns bybit	interval	' \
'columns bybit	close	' \
'columns bybit	confirm	' \
'columns bybit	end	' \
'columns bybit	updated_time	' \
'columns bybit	highest_buy	' \
'columns bybit	lowest_sell	' \
'columns bybit	currency	' \
'columns bybit	total	' \
'columns bybit	symbols	' \
'columns bybit	most	' \
'columns bybit	i_pr	' \
'columns bybit	pr	' \
'columns bybit	adl_tt	' \
'columns bybit	adl_sr	' \
'columns bybit	status	' \
'columns bybit	title	' \
'columns bybit	begin	' \
'columns bybit	id	' \
'columns bybit	href	' \
'columns bybit	serviceTypes	' \
'columns bybit	uidSuffix	' \
'columns bybit	maintainType	' \
'columns bybit	env	' \
'first bybit subscribe	publicTrade	public trades, one or more per message' \
'first bybit channels	publicTrade	public trades, one or more per message' \
'channel bybit subscribe publicTrade	publicTrade	' \
'symbols bybit subscribe publicTrade	*	' \
'params bybit subscribe publicTrade	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe publicTrade product=	spot	' \
'values bybit subscribe publicTrade product=	linear	' \
'values bybit subscribe publicTrade product=	inverse	' \
'values bybit subscribe publicTrade product=	option	' \
'first bybit subscribe	publicTrade.	as the exchange writes it: publicTrade.{symbol}' \
'channel bybit subscribe publicTrade.	publicTrade	' \
'first bybit subscribe	orderbook.rpi	the best 50 levels, with retail price improvement orders in a column…' \
'first bybit channels	orderbook.rpi	the best 50 levels, with retail price improvement orders in a column…' \
'channel bybit subscribe orderbook.rpi	orderbook.rpi	' \
'symbols bybit subscribe orderbook.rpi	*	' \
'params bybit subscribe orderbook.rpi	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe orderbook.rpi product=	spot	' \
'values bybit subscribe orderbook.rpi product=	linear	' \
'values bybit subscribe orderbook.rpi product=	inverse	' \
'first bybit subscribe	orderbook.rpi.	as the exchange writes it: orderbook.rpi.{symbol}' \
'channel bybit subscribe orderbook.rpi.	orderbook.rpi	' \
'first bybit subscribe	orderbook.full	changes of the whole book (spot); the snapshot must be fetched over HTTP' \
'first bybit channels	orderbook.full	changes of the whole book (spot); the snapshot must be fetched over HTTP' \
'channel bybit subscribe orderbook.full	orderbook.full	' \
'symbols bybit subscribe orderbook.full	*	' \
'params bybit subscribe orderbook.full	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe orderbook.full product=	spot	' \
'first bybit subscribe	orderbook.full.	as the exchange writes it: orderbook.full.{symbol}' \
'channel bybit subscribe orderbook.full.	orderbook.full	' \
'first bybit subscribe	orderbook	the best levels of each side: a snapshot, then changes; at depth 1…' \
'first bybit channels	orderbook	the best levels of each side: a snapshot, then changes; at depth 1…' \
'channel bybit subscribe orderbook	orderbook	' \
'symbols bybit subscribe orderbook	*	' \
'params bybit subscribe orderbook	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe orderbook product=	spot	' \
'values bybit subscribe orderbook product=	linear	' \
'values bybit subscribe orderbook product=	inverse	' \
'values bybit subscribe orderbook product=	option	' \
'params bybit subscribe orderbook	depth=	levels per side: 1 50 200 1000, for options 25 100; default: 50, for…' \
'values bybit subscribe orderbook depth=	1	' \
'values bybit subscribe orderbook depth=	25	' \
'values bybit subscribe orderbook depth=	50	' \
'values bybit subscribe orderbook depth=	100	' \
'values bybit subscribe orderbook depth=	200	' \
'values bybit subscribe orderbook depth=	1000	' \
'first bybit subscribe	orderbook.	as the exchange writes it: orderbook.{depth}.{symbol}' \
'channel bybit subscribe orderbook.	orderbook	' \
'channel bybit subscribe orderbook.1.	orderbook	' \
'channel bybit subscribe orderbook.25.	orderbook	' \
'channel bybit subscribe orderbook.50.	orderbook	' \
'channel bybit subscribe orderbook.100.	orderbook	' \
'channel bybit subscribe orderbook.200.	orderbook	' \
'channel bybit subscribe orderbook.1000.	orderbook	' \
'rest bybit subscribe orderbook.	1.	' \
'rest bybit subscribe orderbook.	25.	' \
'rest bybit subscribe orderbook.	50.	' \
'rest bybit subscribe orderbook.	100.	' \
'rest bybit subscribe orderbook.	200.	' \
'rest bybit subscribe orderbook.	1000.	' \
'first bybit subscribe	tickers	statistics of the last 24 hours; for linear and inverse, later…' \
'first bybit channels	tickers	statistics of the last 24 hours; for linear and inverse, later…' \
'channel bybit subscribe tickers	tickers	' \
'symbols bybit subscribe tickers	*	' \
'params bybit subscribe tickers	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe tickers product=	spot	' \
'values bybit subscribe tickers product=	linear	' \
'values bybit subscribe tickers product=	inverse	' \
'values bybit subscribe tickers product=	option	' \
'first bybit subscribe	tickers.	as the exchange writes it: tickers.{symbol}' \
'channel bybit subscribe tickers.	tickers	' \
'first bybit subscribe	kline	candles; confirm=true marks a final one' \
'first bybit channels	kline	candles; confirm=true marks a final one' \
'channel bybit subscribe kline	kline	' \
'symbols bybit subscribe kline	*	' \
'params bybit subscribe kline	interval=	minutes; D day, W week, M month' \
'values bybit subscribe kline interval=	1	' \
'values bybit subscribe kline interval=	3	' \
'values bybit subscribe kline interval=	5	' \
'values bybit subscribe kline interval=	15	' \
'values bybit subscribe kline interval=	30	' \
'values bybit subscribe kline interval=	60	' \
'values bybit subscribe kline interval=	120	' \
'values bybit subscribe kline interval=	240	' \
'values bybit subscribe kline interval=	360	' \
'values bybit subscribe kline interval=	720	' \
'values bybit subscribe kline interval=	D	' \
'values bybit subscribe kline interval=	W	' \
'values bybit subscribe kline interval=	M	' \
'params bybit subscribe kline	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe kline product=	spot	' \
'values bybit subscribe kline product=	linear	' \
'values bybit subscribe kline product=	inverse	' \
'first bybit subscribe	kline.	as the exchange writes it: kline.{interval}.{symbol}' \
'channel bybit subscribe kline.	kline	' \
'channel bybit subscribe kline.1.	kline	' \
'channel bybit subscribe kline.3.	kline	' \
'channel bybit subscribe kline.5.	kline	' \
'channel bybit subscribe kline.15.	kline	' \
'channel bybit subscribe kline.30.	kline	' \
'channel bybit subscribe kline.60.	kline	' \
'channel bybit subscribe kline.120.	kline	' \
'channel bybit subscribe kline.240.	kline	' \
'channel bybit subscribe kline.360.	kline	' \
'channel bybit subscribe kline.720.	kline	' \
'channel bybit subscribe kline.D.	kline	' \
'channel bybit subscribe kline.W.	kline	' \
'channel bybit subscribe kline.M.	kline	' \
'rest bybit subscribe kline.	1.	' \
'rest bybit subscribe kline.	3.	' \
'rest bybit subscribe kline.	5.	' \
'rest bybit subscribe kline.	15.	' \
'rest bybit subscribe kline.	30.	' \
'rest bybit subscribe kline.	60.	' \
'rest bybit subscribe kline.	120.	' \
'rest bybit subscribe kline.	240.	' \
'rest bybit subscribe kline.	360.	' \
'rest bybit subscribe kline.	720.	' \
'rest bybit subscribe kline.	D.	' \
'rest bybit subscribe kline.	W.	' \
'rest bybit subscribe kline.	M.	' \
'first bybit subscribe	allLiquidation	liquidated positions' \
'first bybit channels	allLiquidation	liquidated positions' \
'channel bybit subscribe allLiquidation	allLiquidation	' \
'symbols bybit subscribe allLiquidation	*	' \
'params bybit subscribe allLiquidation	product=	default: from the symbol, else linear; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe allLiquidation product=	linear	' \
'values bybit subscribe allLiquidation product=	inverse	' \
'first bybit subscribe	allLiquidation.	as the exchange writes it: allLiquidation.{symbol}' \
'channel bybit subscribe allLiquidation.	allLiquidation	' \
'first bybit subscribe	priceLimit	the highest price to buy and the lowest to sell at' \
'first bybit channels	priceLimit	the highest price to buy and the lowest to sell at' \
'channel bybit subscribe priceLimit	priceLimit	' \
'symbols bybit subscribe priceLimit	*	' \
'params bybit subscribe priceLimit	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe priceLimit product=	spot	' \
'values bybit subscribe priceLimit product=	linear	' \
'values bybit subscribe priceLimit product=	inverse	' \
'first bybit subscribe	priceLimit.	as the exchange writes it: priceLimit.{symbol}' \
'channel bybit subscribe priceLimit.	priceLimit	' \
'first bybit subscribe	insurance	the insurance pools' \
'first bybit channels	insurance	the insurance pools' \
'channel bybit subscribe insurance	insurance	' \
'params bybit subscribe insurance	product=	default: from the symbol, else linear; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe insurance product=	linear	' \
'values bybit subscribe insurance product=	inverse	' \
'first bybit subscribe	insurance.	as the exchange writes it: insurance.{symbol}' \
'channel bybit subscribe insurance.	insurance	' \
'first bybit subscribe	adlAlert	how near the pools are to automatic deleveraging' \
'first bybit channels	adlAlert	how near the pools are to automatic deleveraging' \
'channel bybit subscribe adlAlert	adlAlert	' \
'params bybit subscribe adlAlert	product=	default: from the symbol, else linear; linear:tickers.BTCUSDT works, too' \
'values bybit subscribe adlAlert product=	linear	' \
'values bybit subscribe adlAlert product=	inverse	' \
'first bybit subscribe	adlAlert.	as the exchange writes it: adlAlert.{symbol}' \
'channel bybit subscribe adlAlert.	adlAlert	' \
'first bybit subscribe	system.status	announced and current maintenance' \
'first bybit channels	system.status	announced and current maintenance' \
'channel bybit subscribe system.status	system.status	' \
'first bybit subscribe	order	your orders, at every change' \
'first bybit channels	order	your orders, at every change' \
'channel bybit subscribe order	order	' \
'params bybit subscribe order	product=	default: all' \
'values bybit subscribe order product=	spot	' \
'values bybit subscribe order product=	linear	' \
'values bybit subscribe order product=	inverse	' \
'values bybit subscribe order product=	option	' \
'first bybit subscribe	execution.fast	your fills, earlier and with fewer fields' \
'first bybit channels	execution.fast	your fills, earlier and with fewer fields' \
'channel bybit subscribe execution.fast	execution.fast	' \
'params bybit subscribe execution.fast	product=	default: all' \
'values bybit subscribe execution.fast product=	spot	' \
'values bybit subscribe execution.fast product=	linear	' \
'values bybit subscribe execution.fast product=	inverse	' \
'values bybit subscribe execution.fast product=	option	' \
'first bybit subscribe	execution	your fills' \
'first bybit channels	execution	your fills' \
'channel bybit subscribe execution	execution	' \
'params bybit subscribe execution	product=	default: all' \
'values bybit subscribe execution product=	spot	' \
'values bybit subscribe execution product=	linear	' \
'values bybit subscribe execution product=	inverse	' \
'values bybit subscribe execution product=	option	' \
'first bybit subscribe	position	your positions; also at every order placed, changed or cancelled' \
'first bybit channels	position	your positions; also at every order placed, changed or cancelled' \
'channel bybit subscribe position	position	' \
'params bybit subscribe position	product=	default: all' \
'values bybit subscribe position product=	linear	' \
'values bybit subscribe position product=	inverse	' \
'values bybit subscribe position product=	option	' \
'first bybit subscribe	wallet	the balances that changed, and the account as a whole' \
'first bybit channels	wallet	the balances that changed, and the account as a whole' \
'channel bybit subscribe wallet	wallet	' \
'first bybit subscribe	greeks	the greeks of your options, by base coin' \
'first bybit channels	greeks	the greeks of your options, by base coin' \
'channel bybit subscribe greeks	greeks	' \
'first bybit subscribe	dcp	cancels your orders when this connection is lost; sends no messages' \
'first bybit channels	dcp	cancels your orders when this connection is lost; sends no messages' \
'channel bybit subscribe dcp	dcp	' \
'params bybit subscribe dcp	product=	whose orders' \
'values bybit subscribe dcp product=	future	' \
'values bybit subscribe dcp product=	spot	' \
'values bybit subscribe dcp product=	option	' \
'first bybit subscribe	spread.order	your spread orders, the combination and its legs' \
'first bybit channels	spread.order	your spread orders, the combination and its legs' \
'channel bybit subscribe spread.order	spread.order	' \
'first bybit subscribe	spread.execution	your spread fills, the combination and its legs' \
'first bybit channels	spread.execution	your spread fills, the combination and its legs' \
'channel bybit subscribe spread.execution	spread.execution	' \
'first bybit subscribe	rfq.open.rfqs	requests for quotation that you sent or received, leg by leg' \
'first bybit channels	rfq.open.rfqs	requests for quotation that you sent or received, leg by leg' \
'channel bybit subscribe rfq.open.rfqs	rfq.open.rfqs	' \
'first bybit subscribe	rfq.open.quotes	quotes that you sent or received, leg by leg' \
'first bybit channels	rfq.open.quotes	quotes that you sent or received, leg by leg' \
'channel bybit subscribe rfq.open.quotes	rfq.open.quotes	' \
'first bybit subscribe	rfq.open.trades	your block trades, leg by leg' \
'first bybit channels	rfq.open.trades	your block trades, leg by leg' \
'channel bybit subscribe rfq.open.trades	rfq.open.trades	' \
'first bybit subscribe	strategy	your strategy orders (TWAP, iceberg, chase, POV)' \
'first bybit channels	strategy	your strategy orders (TWAP, iceberg, chase, POV)' \
'channel bybit subscribe strategy	strategy	' \
'first bybit book	orderbook	the best levels of each side: a snapshot, then changes; at depth 1…' \
'channel bybit book orderbook	orderbook	' \
'symbols bybit book orderbook	*	' \
'params bybit book orderbook	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit book orderbook product=	spot	' \
'values bybit book orderbook product=	linear	' \
'values bybit book orderbook product=	inverse	' \
'values bybit book orderbook product=	option	' \
'params bybit book orderbook	depth=	levels per side: 1 50 200 1000, for options 25 100; default: 50, for…' \
'values bybit book orderbook depth=	1	' \
'values bybit book orderbook depth=	25	' \
'values bybit book orderbook depth=	50	' \
'values bybit book orderbook depth=	100	' \
'values bybit book orderbook depth=	200	' \
'values bybit book orderbook depth=	1000	' \
'first bybit book	orderbook.	as the exchange writes it: orderbook.{depth}.{symbol}' \
'channel bybit book orderbook.	orderbook	' \
'channel bybit book orderbook.1.	orderbook	' \
'channel bybit book orderbook.25.	orderbook	' \
'channel bybit book orderbook.50.	orderbook	' \
'channel bybit book orderbook.100.	orderbook	' \
'channel bybit book orderbook.200.	orderbook	' \
'channel bybit book orderbook.1000.	orderbook	' \
'rest bybit book orderbook.	1.	' \
'rest bybit book orderbook.	25.	' \
'rest bybit book orderbook.	50.	' \
'rest bybit book orderbook.	100.	' \
'rest bybit book orderbook.	200.	' \
'rest bybit book orderbook.	1000.	' \
'first bybit book	orderbook.rpi	the best 50 levels, with retail price improvement orders in a column…' \
'channel bybit book orderbook.rpi	orderbook.rpi	' \
'symbols bybit book orderbook.rpi	*	' \
'params bybit book orderbook.rpi	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit book orderbook.rpi product=	spot	' \
'values bybit book orderbook.rpi product=	linear	' \
'values bybit book orderbook.rpi product=	inverse	' \
'first bybit book	orderbook.rpi.	as the exchange writes it: orderbook.rpi.{symbol}' \
'channel bybit book orderbook.rpi.	orderbook.rpi	' \
'first bybit book	orderbook.full	changes of the whole book (spot); the snapshot must be fetched over HTTP' \
'channel bybit book orderbook.full	orderbook.full	' \
'symbols bybit book orderbook.full	*	' \
'params bybit book orderbook.full	product=	default: from the symbol, else spot; linear:tickers.BTCUSDT works, too' \
'values bybit book orderbook.full product=	spot	' \
'first bybit book	orderbook.full.	as the exchange writes it: orderbook.full.{symbol}' \
'channel bybit book orderbook.full.	orderbook.full	' \
'first bybit book	BTCUSDT	' \
'first bybit book	ETHUSDT	' \
'first bybit book	LTCUSDT	' \
'first bybit book	XRPUSDT	' \
'first bybit book	SOLUSDT	' \
'first bybit book	BTCEUR	' \
'first bybit book	ETHEUR	' \
'first bybit book	ZECUSDT	' \
'channel bybit book BTCUSDT	orderbook	' \
'channel bybit book ETHUSDT	orderbook	' \
'channel bybit book LTCUSDT	orderbook	' \
'channel bybit book XRPUSDT	orderbook	' \
'channel bybit book SOLUSDT	orderbook	' \
'channel bybit book BTCEUR	orderbook	' \
'channel bybit book ETHEUR	orderbook	' \
'channel bybit book ZECUSDT	orderbook	' \
'api bybit	spot-v3	retired' \
'columns bybit	type	' \
'first bybit subscribe	trade	public trades, one per message' \
'first bybit channels	trade	public trades, one per message' \
'channel bybit subscribe trade	trade	' \
'symbols bybit subscribe trade	*	' \
'first bybit subscribe	trade.	as the exchange writes it: trade.{symbol}' \
'channel bybit subscribe trade.	trade	' \
'values bybit subscribe orderbook depth=	40	default' \
'channel bybit subscribe orderbook.40.	orderbook	' \
'rest bybit subscribe orderbook.	40.	' \
'first bybit subscribe	bookticker	the best bid and ask' \
'first bybit channels	bookticker	the best bid and ask' \
'channel bybit subscribe bookticker	bookticker	' \
'symbols bybit subscribe bookticker	*	' \
'first bybit subscribe	bookticker.	as the exchange writes it: bookticker.{symbol}' \
'channel bybit subscribe bookticker.	bookticker	' \
'values bybit subscribe kline interval=	1m	' \
'values bybit subscribe kline interval=	3m	' \
'values bybit subscribe kline interval=	5m	' \
'values bybit subscribe kline interval=	15m	' \
'values bybit subscribe kline interval=	30m	' \
'values bybit subscribe kline interval=	1h	' \
'values bybit subscribe kline interval=	2h	' \
'values bybit subscribe kline interval=	4h	' \
'values bybit subscribe kline interval=	6h	' \
'values bybit subscribe kline interval=	12h	' \
'values bybit subscribe kline interval=	1d	' \
'values bybit subscribe kline interval=	1w	' \
'values bybit subscribe kline interval=	1M	' \
'channel bybit subscribe kline.1m.	kline	' \
'channel bybit subscribe kline.3m.	kline	' \
'channel bybit subscribe kline.5m.	kline	' \
'channel bybit subscribe kline.15m.	kline	' \
'channel bybit subscribe kline.30m.	kline	' \
'channel bybit subscribe kline.1h.	kline	' \
'channel bybit subscribe kline.2h.	kline	' \
'channel bybit subscribe kline.4h.	kline	' \
'channel bybit subscribe kline.6h.	kline	' \
'channel bybit subscribe kline.12h.	kline	' \
'channel bybit subscribe kline.1d.	kline	' \
'channel bybit subscribe kline.1w.	kline	' \
'channel bybit subscribe kline.1M.	kline	' \
'rest bybit subscribe kline.	1m.	' \
'rest bybit subscribe kline.	3m.	' \
'rest bybit subscribe kline.	5m.	' \
'rest bybit subscribe kline.	15m.	' \
'rest bybit subscribe kline.	30m.	' \
'rest bybit subscribe kline.	1h.	' \
'rest bybit subscribe kline.	2h.	' \
'rest bybit subscribe kline.	4h.	' \
'rest bybit subscribe kline.	6h.	' \
'rest bybit subscribe kline.	12h.	' \
'rest bybit subscribe kline.	1d.	' \
'rest bybit subscribe kline.	1w.	' \
'rest bybit subscribe kline.	1M.	' \
'first bybit subscribe	stopOrder	your conditional orders, at every change of status' \
'first bybit channels	stopOrder	your conditional orders, at every change of status' \
'channel bybit subscribe stopOrder	stopOrder	' \
'first bybit subscribe	ticketInfo	your fills' \
'first bybit channels	ticketInfo	your fills' \
'channel bybit subscribe ticketInfo	ticketInfo	' \
'first bybit subscribe	outboundAccountInfo	the balances that changed' \
'first bybit channels	outboundAccountInfo	the balances that changed' \
'channel bybit subscribe outboundAccountInfo	outboundAccountInfo	' \
'values bybit book orderbook depth=	40	default' \
'channel bybit book orderbook.40.	orderbook	' \
'rest bybit book orderbook.	40.	' \
'api digifinex	spot-v1	live' \
'markets digifinex	BTC_USDT	' \
'markets digifinex	ETH_USDT	' \
'markets digifinex	LTC_USDT	' \
'markets digifinex	XRP_USDT	' \
'markets digifinex	SOL_USDT	' \
'markets digifinex	ZEC_USDT	' \
'columns digifinex	lag	reception less the event\'s own time, in ms' \
'columns digifinex	exchange	name of the exchange' \
'columns digifinex	kind	' \
'columns digifinex	channel	' \
'columns digifinex	symbol	' \
'columns digifinex	side	' \
'columns digifinex	price	' \
'columns digifinex	size	' \
'columns digifinex	trade_id	' \
'columns digifinex	time	' \
'columns digifinex	action	' \
'columns digifinex	last	' \
'columns digifinex	last_size	' \
'columns digifinex	bid	' \
'columns digifinex	bid_size	' \
'columns digifinex	ask	' \
'columns digifinex	ask_size	' \
'columns digifinex	open	' \
'columns digifinex	high	' \
'columns digifinex	low	' \
'columns digifinex	volume	' \
'columns digifinex	quote_volume	' \
'first digifinex subscribe	trades	public trades, newest first; a snapshot of recent ones at the start' \
'first digifinex channels	trades	public trades, newest first; a snapshot of recent ones at the start' \
'channel digifinex subscribe trades	trades	' \
'symbols digifinex subscribe trades	*	' \
'channel digifinex subscribe trades.subscribe	trades	' \
'first digifinex subscribe	trades.subscribe	trades, as the exchange calls it' \
'channel digifinex subscribe trades.update	trades	' \
'first digifinex subscribe	depth	the order book: a snapshot, sometimes repeated, then the changed…' \
'first digifinex channels	depth	the order book: a snapshot, sometimes repeated, then the changed…' \
'channel digifinex subscribe depth	depth	' \
'symbols digifinex subscribe depth	*	' \
'channel digifinex subscribe depth.subscribe	depth	' \
'first digifinex subscribe	depth.subscribe	depth, as the exchange calls it' \
'channel digifinex subscribe depth.update	depth	' \
'first digifinex subscribe	ticker	last price, best bid and ask, statistics of 24 hours' \
'first digifinex channels	ticker	last price, best bid and ask, statistics of 24 hours' \
'channel digifinex subscribe ticker	ticker	' \
'symbols digifinex subscribe ticker	*	' \
'channel digifinex subscribe ticker.subscribe	ticker	' \
'first digifinex subscribe	ticker.subscribe	ticker, as the exchange calls it' \
'channel digifinex subscribe ticker.update	ticker	' \
'first digifinex subscribe	all_ticker	the same for every symbol that was active' \
'first digifinex channels	all_ticker	the same for every symbol that was active' \
'channel digifinex subscribe all_ticker	all_ticker	' \
'channel digifinex subscribe all_ticker.subscribe	all_ticker	' \
'first digifinex subscribe	all_ticker.subscribe	all_ticker, as the exchange calls it' \
'channel digifinex subscribe all_ticker.update	all_ticker	' \
'first digifinex subscribe	order	your orders, at every change' \
'first digifinex channels	order	your orders, at every change' \
'channel digifinex subscribe order	order	' \
'symbols digifinex subscribe order	*	' \
'channel digifinex subscribe order.subscribe	order	' \
'first digifinex subscribe	order.subscribe	order, as the exchange calls it' \
'channel digifinex subscribe order.update	order	' \
'first digifinex subscribe	order_algo	your conditional orders, at every change' \
'first digifinex channels	order_algo	your conditional orders, at every change' \
'channel digifinex subscribe order_algo	order_algo	' \
'symbols digifinex subscribe order_algo	*	' \
'channel digifinex subscribe order_algo.subscribe	order_algo	' \
'first digifinex subscribe	order_algo.subscribe	order_algo, as the exchange calls it' \
'channel digifinex subscribe order_algo.update	order_algo	' \
'first digifinex subscribe	balance	the balances that changed; no message before a change' \
'first digifinex channels	balance	the balances that changed; no message before a change' \
'channel digifinex subscribe balance	balance	' \
'channel digifinex subscribe balance.subscribe	balance	' \
'first digifinex subscribe	balance.subscribe	balance, as the exchange calls it' \
'channel digifinex subscribe balance.update	balance	' \
'first digifinex query	time	the server\'s clock' \
'first digifinex channels	time	the server\'s clock' \
'channel digifinex query time	time	' \
'channel digifinex query server.time	time	' \
'first digifinex query	server.time	time, as the exchange calls it' \
'first digifinex book	depth	the order book: a snapshot, sometimes repeated, then the changed…' \
'channel digifinex book depth	depth	' \
'symbols digifinex book depth	*	' \
'channel digifinex book depth.subscribe	depth	' \
'first digifinex book	depth.subscribe	depth, as the exchange calls it' \
'channel digifinex book depth.update	depth	' \
'first digifinex book	BTC_USDT	' \
'first digifinex book	ETH_USDT	' \
'first digifinex book	LTC_USDT	' \
'first digifinex book	XRP_USDT	' \
'first digifinex book	SOL_USDT	' \
'first digifinex book	ZEC_USDT	' \
'channel digifinex book BTC_USDT	depth	' \
'channel digifinex book ETH_USDT	depth	' \
'channel digifinex book LTC_USDT	depth	' \
'channel digifinex book XRP_USDT	depth	' \
'channel digifinex book SOL_USDT	depth	' \
'channel digifinex book ZEC_USDT	depth	' \
'begun bitstamp subscribe	private-live_order_trades_	' \
'begun bitstamp subscribe	private-live_trades_	' \
'begun bitstamp subscribe	detail_order_book_	' \
'begun bitstamp subscribe	private-my_orders_	' \
'begun bitstamp subscribe	private-my_trades_	' \
'begun bitstamp book	detail_order_book_	' \
'begun bitstamp subscribe	diff_order_book_	' \
'begun bitstamp book	diff_order_book_	' \
'begun bybit subscribe	orderbook.full.	' \
'begun bybit subscribe	orderbook.1000.	' \
'begun bybit subscribe	allLiquidation.	' \
'begun bybit book	orderbook.1000.	' \
'begun bybit book	orderbook.full.	' \
'begun bitfinex subscribe	key=trade:15m:	' \
'begun bitfinex subscribe	key=trade:30m:	' \
'begun bitfinex subscribe	key=trade:12h:	' \
'begun bitfinex subscribe	key=trade:14D:	' \
'begun bybit subscribe	orderbook.rpi.	' \
'begun bybit subscribe	orderbook.100.	' \
'begun bybit subscribe	orderbook.200.	' \
'begun bybit book	orderbook.100.	' \
'begun bybit book	orderbook.200.	' \
'begun bybit book	orderbook.rpi.	' \
'begun bitfinex subscribe	key=trade:1m:	' \
'begun bitfinex subscribe	key=trade:5m:	' \
'begun bitfinex subscribe	key=trade:1h:	' \
'begun bitfinex subscribe	key=trade:3h:	' \
'begun bitfinex subscribe	key=trade:6h:	' \
'begun bitfinex subscribe	key=trade:1D:	' \
'begun bitfinex subscribe	key=trade:1W:	' \
'begun bitfinex subscribe	key=trade:1M:	' \
'begun bitstamp subscribe	funding_rate_	' \
'begun bybit subscribe	orderbook.25.	' \
'begun bybit subscribe	orderbook.50.	' \
'begun bybit book	orderbook.25.	' \
'begun bybit book	orderbook.50.	' \
'begun bybit subscribe	orderbook.40.	' \
'begun bybit book	orderbook.40.	' \
'begun bitstamp subscribe	live_trades_	' \
'begun bitstamp subscribe	live_orders_	' \
'begun bybit subscribe	publicTrade.	' \
'begun bybit subscribe	orderbook.1.	' \
'begun bybit book	orderbook.1.	' \
'begun bitstamp subscribe	order_book_	' \
'begun bitstamp book	order_book_	' \
'begun bybit subscribe	priceLimit.	' \
'begun bybit subscribe	bookticker.	' \
'begun bitfinex subscribe	trade:15m:	' \
'begun bitfinex subscribe	trade:30m:	' \
'begun bitfinex subscribe	trade:12h:	' \
'begun bitfinex subscribe	trade:14D:	' \
'begun bitfinex subscribe	key=trade:	' \
'begun bitstamp subscribe	my_orders_	' \
'begun bitstamp subscribe	my_trades_	' \
'begun bybit subscribe	orderbook.	' \
'begun bybit subscribe	kline.120.	' \
'begun bybit subscribe	kline.240.	' \
'begun bybit subscribe	kline.360.	' \
'begun bybit subscribe	kline.720.	' \
'begun bybit subscribe	insurance.	' \
'begun bybit book	orderbook.	' \
'begun bybit subscribe	kline.15m.	' \
'begun bybit subscribe	kline.30m.	' \
'begun bybit subscribe	kline.12h.	' \
'begun bitfinex subscribe	trade:1m:	' \
'begun bitfinex subscribe	trade:5m:	' \
'begun bitfinex subscribe	trade:1h:	' \
'begun bitfinex subscribe	trade:3h:	' \
'begun bitfinex subscribe	trade:6h:	' \
'begun bitfinex subscribe	trade:1D:	' \
'begun bitfinex subscribe	trade:1W:	' \
'begun bitfinex subscribe	trade:1M:	' \
'begun bybit subscribe	kline.15.	' \
'begun bybit subscribe	kline.30.	' \
'begun bybit subscribe	kline.60.	' \
'begun bybit subscribe	adlAlert.	' \
'begun bybit subscribe	kline.1m.	' \
'begun bybit subscribe	kline.3m.	' \
'begun bybit subscribe	kline.5m.	' \
'begun bybit subscribe	kline.1h.	' \
'begun bybit subscribe	kline.2h.	' \
'begun bybit subscribe	kline.4h.	' \
'begun bybit subscribe	kline.6h.	' \
'begun bybit subscribe	kline.1d.	' \
'begun bybit subscribe	kline.1w.	' \
'begun bybit subscribe	kline.1M.	' \
'begun bybit subscribe	tickers.	' \
'begun bybit subscribe	kline.1.	' \
'begun bybit subscribe	kline.3.	' \
'begun bybit subscribe	kline.5.	' \
'begun bybit subscribe	kline.D.	' \
'begun bybit subscribe	kline.W.	' \
'begun bybit subscribe	kline.M.	' \
'begun bitfinex subscribe	trade:	' \
'begun bybit subscribe	kline.	' \
'begun bybit subscribe	trade.	' \
'begun bitfinex subscribe	key=	'

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
