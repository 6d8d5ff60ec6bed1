// Package proved answers the queries of the chain's modules from what the chain's state proves, so that what a node says becomes
// neither spent money nor a sealed secret nor a deleted key.
//
// A [Chain] follows the headers that 2/3 of the stake have signed from a trust root (package light). Its State at the newest
// header is a connection for the modules' generated clients: a query runs here, by the code that the node would run, over a store
// whose every value, absence and neighbour is proved. So all queries of the modules are proved, lists are complete, sums and
// quotes are computed on this machine, and all answers of a State are of one height:
//
//	chain, err := proved.New(proved.Config{Node: conn, Trust: trust, Application: app.New(...), ...})
//	state, height, err := chain.At(ctx)
//	pool, err := datapooltypes.NewQueryClient(state).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: 1})
//
// What is no state of a module is not answered: prices of gas, simulations and results of transactions remain a node's word.
// A module whose version is not the application's is not read, since its keys may lie elsewhere.
//
// The newest state that can be proved is a block older than the node's.
package proved
