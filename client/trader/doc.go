// Package trader quotes trades in the pools of data collections and makes their messages: for those who buy and sell
// Data Tokens, who give liquidity, and who make pools.
//
// A trade has two steps here. A method of Market asks a node what the chain would settle now, and gives a Quote. Its
// method Order adds the sender's Terms: how much worse than the quote the result may be, and until when. The message
// of the Order carries both as its bounds, and client/tx sends it:
//
//	market := trader.New(conn)
//	pool, err := market.Pool(ctx, "SPEED")
//	in, err := trader.CoinUnits(pool).Parse("100ALITA")
//	quote, err := market.Sell(ctx, pool, in)
//	order := quote.Order(trader.Terms{Sender: sender, Tolerance: 5000, Deadline: time.Now().Add(time.Minute)})
//	res, err := client.Send(ctx, order.Msg)
//
// A quote is as true as the node that gives it. The bounds hold on the chain whatever a node says, but they start from
// its quote.
//
// Errors of a node are errors of gRPC; tx.Plain takes out what the transport adds to them.
package trader
