package tx

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Describe says in words what a transaction in a block has done: its events with
// their facts, amounts in the units that people use, then the block, the fee and the
// gas. It asks a node for the units of coins; a coin that the node does not know stays in its
// base unit. If modules of ours have done something, only their events count: what
// the bank says of the same coins is left out.
func Describe(ctx context.Context, conn grpc.ClientConnInterface, res *sdk.TxResponse) string {
	var b strings.Builder
	w := writer{units: units{ctx: ctx, conn: conn}}
	for _, e := range told(res.Events) {
		w.event(&b, e)
	}
	fmt.Fprintf(&b, "Done in block %d", res.Height)
	if fee := FeePaid(res); fee != "" {
		fmt.Fprintf(&b, " for a fee of %s", w.coins(fee))
	}
	if res.GasUsed > 0 {
		fmt.Fprintf(&b, "\nGas %d of %d", res.GasUsed, res.GasWanted)
	}
	fmt.Fprintf(&b, "\nTransaction %s\n", res.TxHash)
	return b.String()
}

// ownEvents is how the types of our modules' events begin.
const ownEvents = "alita."

// quiet are events of the SDK that say nothing that another event does not say.
var quiet = []string{"message", "tx", "coin_spent", "coin_received", "coinbase", "burn"}

// told are the events of a transaction's messages that are worth telling.
func told(all []abci.Event) []abci.Event {
	own := slices.ContainsFunc(all, func(e abci.Event) bool { return strings.HasPrefix(e.Type, ownEvents) })
	return slices.DeleteFunc(slices.Clone(all), func(e abci.Event) bool {
		// What comes before the messages has no index: the fee, above all.
		if _, ok := attribute(e, "msg_index"); !ok {
			return true
		}
		if own {
			return !strings.HasPrefix(e.Type, ownEvents)
		}
		return slices.Contains(quiet, e.Type)
	})
}

// FeePaid is the fee that a transaction in a block has paid, such as 376ualita; empty if it paid none.
func FeePaid(res *sdk.TxResponse) string {
	for _, e := range res.Events {
		if fee, ok := attribute(e, "fee"); ok && e.Type == "tx" {
			return fee
		}
	}
	return ""
}

func attribute(e abci.Event, key string) (string, bool) {
	i := slices.IndexFunc(e.Attributes, func(a abci.EventAttribute) bool { return a.Key == key })
	if i < 0 {
		return "", false
	}
	return e.Attributes[i].Value, true
}

// writer writes events in words.
type writer struct{ units units }

// event writes what happened, and below it the facts, one on a line. A fact that is
// empty, zero or false is left out.
func (w writer) event(b *strings.Builder, e abci.Event) {
	typed := strings.Contains(e.Type, ".")
	values := scope{}
	for _, a := range e.Attributes {
		if typed {
			var v any
			decoder := json.NewDecoder(strings.NewReader(a.Value))
			decoder.UseNumber()
			if decoder.Decode(&v) == nil {
				values[a.Key] = v
			}
		}
	}
	type fact struct{ name, text string }
	var facts []fact
	longest := 0
	for _, a := range inOrder(e) {
		text := a.Value
		if v, ok := values[a.Key]; ok {
			text = w.text(values, a.Key, v)
		} else if a.Key == "amount" {
			text = w.coins(a.Value)
		}
		text = printable(text)
		if text == "" || slices.Contains([]string{"msg_index", "authz_msg_index", "mode"}, a.Key) {
			continue
		}
		facts = append(facts, fact{inWords(a.Key), text})
		longest = max(longest, len(facts[len(facts)-1].name))
	}
	fmt.Fprintln(b, heading(e.Type))
	for _, f := range facts {
		fmt.Fprintf(b, "  %-*s  %s\n", longest, f.name, f.text)
	}
}

// inOrder are the attributes of an event in the order of its definition: the SDK
// sorts them by name.
func inOrder(e abci.Event) []abci.EventAttribute {
	all := slices.Clone(e.Attributes)
	d, err := proto.HybridResolver.FindDescriptorByName(protoreflect.FullName(e.Type))
	message, ok := d.(protoreflect.MessageDescriptor)
	if err != nil || !ok {
		return all
	}
	number := func(a abci.EventAttribute) int {
		if f := message.Fields().ByName(protoreflect.Name(a.Key)); f != nil {
			return int(f.Number())
		}
		return 1 << 30
	}
	slices.SortStableFunc(all, func(a, b abci.EventAttribute) int { return number(a) - number(b) })
	return all
}

var wordStart = regexp.MustCompile(`[a-z0-9][A-Z]`)

// heading is the type of an event in words: "alita.compute.v1.EventProgramStored" is
// "Program stored".
func heading(eventType string) string {
	name := eventType[strings.LastIndex(eventType, ".")+1:]
	name = strings.TrimPrefix(name, "Event")
	name = wordStart.ReplaceAllStringFunc(name, func(s string) string { return s[:1] + " " + s[1:] })
	name = strings.ToLower(strings.ReplaceAll(name, "_", " "))
	if name == "" {
		return eventType
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// inWords is the name of a field as people read it: pool_id is pool.
func inWords(key string) string {
	return strings.ReplaceAll(strings.TrimSuffix(key, "_id"), "_", " ")
}

// scope are the fields of one event, by name.
type scope map[string]any

// enumPrefix is how the values of our enumerations begin.
var enumPrefix = regexp.MustCompile(`^[A-Z_]*?_(STATUS|REASON|TYPE|CLASS|KIND|FAULT)_`)

// text writes the value of a field; empty if there is nothing to say.
func (w writer) text(s scope, key string, v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "yes"
		}
		return ""
	case json.Number:
		return w.number(s, key, v.String())
	case string:
		if enumPrefix.MatchString(v) {
			word := strings.ToLower(strings.ReplaceAll(enumPrefix.ReplaceAllString(v, ""), "_", " "))
			return strings.TrimSuffix(word, "unspecified")
		}
		return w.number(s, key, v)
	case []any:
		var all []string
		for _, e := range v {
			if text := w.text(s, key, e); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, ", ")
	case map[string]any:
		return w.object(s, key, v)
	default:
		return ""
	}
}

// object writes a coin, amounts of both coins of a pool, or the fields of a message.
func (w writer) object(s scope, key string, v map[string]any) string {
	if denom, ok := v["denom"].(string); ok && len(v) == 2 {
		amount, _ := v["amount"].(string)
		return w.units.format(denom, amount)
	}
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	both := slices.Equal(names, []string{"alita", "data"})
	var all []string
	for _, name := range names {
		switch text := w.text(s, key+"."+name, v[name]); {
		case text == "":
		case both:
			all = append(all, text)
		default:
			all = append(all, inWords(name)+" "+text)
		}
	}
	if both {
		return strings.Join(all, " and ")
	}
	return strings.Join(all, ", ")
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// number writes a text, or a number with the unit that its field has.
func (w writer) number(s scope, key, v string) string {
	switch {
	case v == "0":
		return ""
	case !digits.MatchString(v):
		return v
	}
	if denom := denomOf(s, key); denom != "" {
		return w.units.format(denom, v)
	}
	return v
}

// denomOf is the coin in which a field of an event counts, whose definition says so
// only in words; empty if it counts no coin.
func denomOf(s scope, key string) string {
	pool, _ := s["pool_id"].(string)
	data := dataTokens
	if pool != "" {
		data = "data/" + pool
	}
	coin := func(of string) string {
		c, _ := s[of].(map[string]any)
		denom, _ := c["denom"].(string)
		return denom
	}
	field := key[strings.LastIndex(key, ".")+1:]
	switch {
	case strings.HasPrefix(key, "fee.") && coin("token_in") != "":
		return coin("token_in")
	case key == "surcharge":
		return coin("token_out")
	case strings.HasPrefix(key, "seat.") && field == "fee":
		return baseDenom
	}
	switch field {
	case "alita", "draw_fee", "stakers", "reward_alita", "paid", "min_price_per_mop":
		return baseDenom
	case "data", "reward_data", "data_supply", "maker_allotment", "vested":
		return data
	case "shares", "total_shares":
		if pool != "" {
			return "share/" + pool
		}
	}
	return ""
}

// coins writes amounts as events without a definition have them: "10ualita,5data/1".
func (w writer) coins(v string) string {
	coins, err := sdk.ParseCoinsNormalized(v)
	if err != nil || coins.Empty() {
		return v
	}
	all := make([]string, len(coins))
	for i, c := range coins {
		all[i] = w.units.format(c.Denom, c.Amount.String())
	}
	return strings.Join(all, " and ")
}

// printable is a text without what moves a terminal's cursor: a node could hide one
// line behind another.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
