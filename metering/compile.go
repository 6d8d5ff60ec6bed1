package metering

// What one item costs the slowest compiler among the engines, in steps. A step is about 20 ns. The prices were measured with
// wazero 1.12, whose work grows with products: each block walks up to the function's entry (calculateDominators, isDominatedBy,
// passBuildLoopNestingForest), each read of a variable walks back to the last place where paths meet (findValue), each place where
// paths meet may get a value for every variable (passRedundantPhiEliminationOpt, once more for every level of loops), each call
// reads every mutable global again (reloadAfterCall), each block copies the addresses that were looked at before
// (initializeCurrentBlockKnownBounds), and each edge is compared with the other edges of its label (addPred).
const (
	stepsFunction = 1024
	stepsByte     = 64 // of a function
	stepsBlock    = 64
	stepsWalk     = 2  // of a block, for each block between it and the entry
	stepsRead     = 3  // of a read, for each block since paths met
	stepsValue    = 40 // of a variable in a block, of a global after a call, of a value passed to a label
	stepsStack    = 2  // of a value on the stack in a block
	stepsAddress  = 3  // of an address in a block
	edgesPerStep  = 16 // so many edges that a label has already cost a further one a step
	loopsOfAValue = 4  // so many levels of loops cost a variable as much again
)

// What the values of one function take in the compiler's memory, in units of about 48 bytes.
const (
	spaceGlobal  = 16 // of a global after a call
	addressesPer = 3  // so many addresses in a block take one unit
)

// Basic blocks of the metered code: the program's own, those of the injected code, and those that the compiler adds.
const (
	blocksBlock = 1
	blocksLoop  = 10
	blocksIf    = 3
	blocksBrIf  = 2
	blocksCall  = 6
	blocksBulk  = 8
)

// windowBytes are the injected bytes that keep a store of a row program in its window.
const windowBytes = 20

// effort adds up what compiling a function costs. It follows the control flow instruction by instruction: time and memory are
// linear in the code. Code that cannot be reached costs nothing, since compilers leave it out.
type effort struct {
	globals int // mutable ones of the module
	locals  int // of the function
	steps   uint64
	space   uint64
	blocks  int
	loops   int // around the instruction
	deepest int // most of them
	walk    int // blocks between the instruction and the entry, on the way of dominators; an upper bound
	chain   int // blocks since paths met
	reads   int // addresses of memory that were looked at
	dead    bool
	regions []region
}

// region is an open block, as far as effort needs it.
type region struct {
	op     byte
	dead   bool // begins in code that cannot be reached
	walk   int  // at its beginning
	chain  int  // of the only edge to its end
	edges  int  // to its end
	backs  int  // to its head, of a loop
	lowest int  // smallest walk of an edge to its end
}

// begin starts a function.
func (e *effort) begin(locals, bytes int) {
	e.locals = locals
	e.steps += stepsFunction + uint64(bytes)*stepsByte
	e.space, e.blocks, e.loops, e.deepest, e.walk, e.chain, e.reads, e.dead = 0, 0, 0, 0, 0, 0, 0, false
	e.regions = append(e.regions[:0], region{op: opBlock})
}

// add counts new blocks. The stack has height values.
func (e *effort) add(blocks, height int) {
	n := uint64(blocks)
	e.blocks += blocks
	levels := uint64(1 + e.loops/loopsOfAValue)
	e.steps += n * (stepsBlock + uint64(e.walk)*stepsWalk + uint64(e.locals)*stepsValue*levels + uint64(height)*stepsStack + uint64(e.reads)*stepsAddress)
	e.space += n * (uint64(e.locals+height) + uint64(e.reads)/addressesPer)
}

// path notes that control goes on a further block down.
func (e *effort) path(blocks int) { e.walk, e.chain = e.walk+blocks, e.chain+blocks }

// edge notes a branch with arity values to the region that label names.
func (e *effort) edge(label uint32, arity int) {
	e.steps += uint64(arity) * stepsValue
	r := &e.regions[len(e.regions)-1-int(label)]
	e.steps += uint64(r.edges+r.backs) / edgesPerStep
	if r.op == opLoop {
		r.backs++
		return
	}
	r.reach(e.walk+1, e.chain+1)
}

func (r *region) reach(walk, chain int) {
	if r.edges == 0 || walk < r.lowest {
		r.lowest = walk
	}
	r.edges, r.chain = r.edges+1, chain
}

func (e *effort) read() { e.steps += uint64(e.chain) * stepsRead }

// reload notes that every global may have changed.
func (e *effort) reload() {
	e.steps += uint64(e.globals) * stepsValue
	e.space += uint64(e.globals) * spaceGlobal
}

// instruction adds an instruction that the validator has applied. Before it the stack had height values.
func (e *effort) instruction(v *validator, in *instruction, height int) {
	switch in.op {
	case opBlock, opLoop, opIf:
		e.open(in.op, len(v.frames[len(v.frames)-1].typ.params), height)
		return
	case opElse:
		r := &e.regions[len(e.regions)-1]
		if !e.dead {
			r.reach(e.walk+1, e.chain+1)
		}
		r.op, e.dead, e.walk, e.chain = opElse, r.dead, r.walk+1, r.chain
		return
	case opEnd:
		e.end()
		return
	}
	if e.dead {
		return
	}
	switch in.op {
	case opBr:
		e.edge(in.a, len(v.label(in, in.a)))
		e.dead = true
	case opBrIf:
		e.add(blocksBrIf, height)
		e.edge(in.a, len(v.label(in, in.a)))
		e.path(1)
	case opBrTable:
		e.add(len(in.labels), height)
		for _, l := range in.labels {
			e.edge(l, len(v.label(in, l)))
		}
		e.dead = true
	case opReturn, opUnreachable:
		e.dead = true
	case opCall:
		if int(in.a) < len(v.m.imports) {
			e.reload()
			return
		}
		e.call(height)
	case opCallIndirect:
		e.call(height)
	case opMemoryGrow:
		e.bulk(height)
	case opPrefixFC:
		if in.sub >= subMemoryInit {
			e.bulk(height)
		}
	case opLocalGet, opGlobalGet:
		e.read()
	default:
		if in.info.imm == immAccess {
			e.read()
			e.reads++
			if v.m.row != nil && isStore(in.op) {
				e.window()
			}
		}
	}
}

// window counts what is injected at a store of a row program: the value goes into a variable and back, and the mask is read.
func (e *effort) window() {
	e.steps += windowBytes * stepsByte
	e.read()
	e.read()
}

func (e *effort) bulk(height int) {
	e.add(blocksBulk, height)
	e.path(blocksBulk / 2)
	e.read()
}

func (e *effort) call(height int) {
	e.add(blocksCall, height)
	e.reload()
	e.walk, e.chain = e.walk+blocksCall/2, blocksCall/2 // paths meet after the look at the counter
}

func (e *effort) open(op byte, params, height int) {
	e.regions = append(e.regions, region{op: op, dead: e.dead, walk: e.walk, chain: e.chain})
	if e.dead {
		return
	}
	switch op {
	case opBlock:
		e.add(blocksBlock, height)
	case opIf:
		e.add(blocksIf, height)
		e.path(1)
	case opLoop:
		e.loops++
		e.deepest = max(e.deepest, e.loops)
		e.add(blocksLoop, height)
		e.steps += 2 * uint64(params) * stepsValue
		e.walk, e.chain = e.walk+blocksLoop/2, 0
	}
}

func (e *effort) end() {
	r := &e.regions[len(e.regions)-1]
	if !e.dead {
		r.reach(e.walk, e.chain)
	}
	if r.op == opIf && !r.dead { // the way around it
		r.reach(r.walk+1, r.chain+1)
	}
	if r.op == opLoop && !r.dead {
		e.loops--
	}
	switch {
	case r.dead: // and so is what follows
	case r.edges == 0:
		e.dead = true
	default:
		e.dead, e.walk, e.chain = false, r.lowest+1, r.chain+1
		if r.edges > 1 {
			e.chain = 0
		}
	}
	e.regions = e.regions[:len(e.regions)-1]
}

// check refuses the function that begins at an offset, if it, or the module with it, costs too much.
func (e *effort) check(r *reader, at int, l *Limits) {
	refuse := func(what string, most int, got uint64, remedy string) {
		r.fail(ErrLimit, at, "%s: expected at most %d, got %d; %s", what, most, got, remedy)
	}
	switch {
	case e.deepest > l.Loops:
		refuse("loops in one another", l.Loops, uint64(e.deepest), "move the inner ones into a function of their own")
	case e.blocks > l.Blocks:
		refuse("basic blocks of a metered function", l.Blocks, uint64(e.blocks), "split the function")
	case e.space > uint64(l.Values):
		refuse("values of a function, in all its basic blocks", l.Values, e.space, "split the function, or use fewer locals and globals")
	case e.steps > uint64(l.CompileSteps):
		refuse("steps to compile the module up to this function", l.CompileSteps, e.steps, "split the largest functions, or do with less code")
	}
}
