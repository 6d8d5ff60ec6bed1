package app

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"

	"github.com/alita-network/alita/app/mempool"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// A block has a part for the answers of seats, which nobody else can take (terms.SeatsPercent), and the rest, of which
// contributions come first into a part of their own: in percent of a block's gas.
const contributionsPercent = 30

// awaited are the messages that can be in a lane of their own, by type URL.
var awaited = func() map[string]bool {
	urls := map[string]bool{}
	for _, msg := range []sdk.Msg{
		&computetypes.MsgTakeSeat{}, &computetypes.MsgAddNoise{}, &computetypes.MsgPrepare{}, &computetypes.MsgOpenSum{},
		&computetypes.MsgContribute{}, &computetypes.MsgDeliver{}, &computetypes.MsgAccuseSeat{}, &computetypes.MsgDisputeSum{},
	} {
		urls[sdk.MsgTypeURL(msg)] = true
	}
	return urls
}()

// lanes gives the transactions of a block, in their order, their lanes and takes the room for them. It reads the last
// committed state and the bytes alone, so that all validators say the same when they propose, judge and execute a block.
// What does not fit in its lane is an ordinary transaction, and pays as one.
type lanes struct {
	params  feemarkettypes.Params
	wants   func(offer, []byte) (mempool.Lane, []byte)
	price   uint64 // of the part for contributions
	general uint64 // the price of the rest

	seats         room
	oneSeat       room            // for each seat
	ofSeat        map[string]room // what is left of it, by operator
	contributed   uint64          // fee gas that is left in the part for contributions
	rest          room
	feeGas        uint64 // of the rest without that part
	feeGasOfParts uint64 // of the part for contributions
}

func (app *App) newLanes(ctx sdk.Context) (*lanes, error) {
	ctx = unmetered(ctx)
	params, err := app.FeemarketKeeper.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	price, err := app.FeemarketKeeper.GasPrice.Get(ctx)
	if err != nil {
		return nil, err
	}
	gas, bytes := blockGas(ctx), blockBytes(ctx)
	seats := room{bytes: percent(bytes, terms.SeatsPercent), gas: percent(gas, terms.SeatsPercent)}
	return &lanes{
		params: params, price: price.ContributionsNext, general: price.Next,
		wants: func(o offer, bz []byte) (mempool.Lane, []byte) { return app.wants(ctx, o, bz) },
		seats: seats, oneSeat: room{bytes: percent(bytes, terms.OneSeatPercent), gas: percent(gas, terms.OneSeatPercent)}, ofSeat: map[string]room{},
		contributed: percent(gas, contributionsPercent),
		rest:        room{bytes: bytes - seats.bytes, gas: gas - seats.gas},
	}, nil
}

// clone is a copy that can be thrown away if its last transaction is not taken.
func (l *lanes) clone() *lanes {
	c := *l
	c.ofSeat = maps.Clone(l.ofSeat)
	return &c
}

// percent is a part of a block's room; without a bound there is no end to any part.
func percent(of, n uint64) uint64 { return of/100*n + of%100*n/100 }

// place gives a transaction its lane and takes its room. It reports whether there was enough.
func (l *lanes) place(bz []byte) (mempool.Lane, bool) {
	offer := readOffer(bz)
	feeGas := l.params.FeeGas(offer.gas, uint64(len(bz)))
	switch lane, seat := l.wants(offer, bz); lane {
	case mempool.Seats:
		own, ok := l.ofSeat[string(seat)]
		if !ok {
			own = l.oneSeat
		}
		if own.take(bz, offer.gas) && l.seats.take(bz, offer.gas) {
			l.ofSeat[string(seat)] = own
			return mempool.Seats, true
		}
	case mempool.Contributions:
		if feeGas <= l.contributed && offer.pays(feeGas, l.price) && l.rest.take(bz, offer.gas) {
			l.contributed -= feeGas
			l.feeGasOfParts = min(l.feeGasOfParts+feeGas, feemarkettypes.MaxGas)
			return mempool.Contributions, true
		}
	}
	l.feeGas = min(l.feeGas+feeGas, feemarkettypes.MaxGas)
	return mempool.General, l.rest.take(bz, offer.gas)
}

// wants returns the lane that the message of a transaction is for, if a job waits for it, and the operator of the seat whose
// answer it is.
func (app *App) wants(ctx sdk.Context, offer offer, bz []byte) (mempool.Lane, []byte) {
	if !awaited[offer.message] {
		return mempool.General, nil
	}
	tx := decodeOne(app.TxDecode, bz)
	if tx == nil || len(tx.GetMsgs()) != 1 {
		return mempool.General, nil
	}
	return app.wantsMessage(ctx, tx.GetMsgs()[0])
}

func (app *App) wantsMessage(ctx sdk.Context, msg sdk.Msg) (mempool.Lane, []byte) {
	if seat := app.ComputeKeeper.AwaitedSeat(ctx, msg); seat != nil {
		return mempool.Seats, seat
	}
	if app.ComputeKeeper.Awaited(ctx, msg) {
		return mempool.Contributions, nil
	}
	return mempool.General, nil
}

// laneOf is the lane of a transaction that is alone: when it arrives, and in the pool.
func (app *App) laneOf(ctx sdk.Context, tx sdk.Tx) mempool.Lane {
	msgs := tx.GetMsgs()
	if len(msgs) != 1 || !awaited[sdk.MsgTypeURL(msgs[0])] {
		return mempool.General
	}
	l, err := app.newLanes(ctx)
	if err != nil {
		return mempool.General
	}
	lane, _ := l.place(ctx.TxBytes())
	return lane
}

// laneKey is where the checks of a transaction find the lane that it was given in a block or a proposal.
const laneKey = "alita/lane"

func inLane(lane mempool.Lane) map[string]any { return map[string]any{laneKey: lane} }

// givenLane is the lane of a transaction that is checked.
func (app *App) givenLane(ctx sdk.Context, tx sdk.Tx) mempool.Lane {
	if lane, ok := ctx.GetIncarnationCache(laneKey); ok {
		return lane.(mempool.Lane)
	}
	if ctx.ExecMode() == sdk.ExecModeFinalize { // outside of a block
		return mempool.General
	}
	return app.laneOf(ctx, tx)
}

// offer is what a transaction offers and asks, read out of its bytes without decoding its message.
type offer struct {
	gas     uint64
	fee     math.Int
	message string // the type URL of its only message, empty if there are several
}

func readOffer(bz []byte) offer {
	o := offer{fee: math.ZeroInt()}
	var raw txtypes.TxRaw
	if err := raw.Unmarshal(bz); err != nil {
		return o
	}
	var info txtypes.AuthInfo
	if err := info.Unmarshal(raw.AuthInfoBytes); err != nil || info.Fee == nil {
		return o
	}
	o.gas = info.Fee.GasLimit
	if i := slices.IndexFunc(info.Fee.Amount, func(c sdk.Coin) bool { return c.Denom == BaseDenom && !c.Amount.IsNil() }); i >= 0 {
		o.fee = info.Fee.Amount[i].Amount
	}
	o.message = onlyMessage(raw.BodyBytes)
	return o
}

// pays reports whether the fee is enough for fee gas at a price.
func (o offer) pays(feeGas, price uint64) bool {
	return o.fee.GTE(math.NewIntFromUint64(feemarkettypes.Fee(feeGas, price)))
}

// onlyMessage is the type URL of the only message of a transaction's body, or empty. It decodes no message.
func onlyMessage(body []byte) string {
	var url string
	messages := 0
	for len(body) > 0 {
		field, kind, n := protowire.ConsumeTag(body)
		if n < 0 {
			return ""
		}
		body = body[n:]
		if field != 1 || kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(field, kind, body); n < 0 {
				return ""
			}
			body = body[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(body)
		if n < 0 {
			return ""
		}
		body = body[n:]
		var message codectypes.Any
		if messages++; messages > 1 || message.Unmarshal(value) != nil {
			return ""
		}
		url = message.TypeUrl
	}
	return url
}
