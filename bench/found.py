"""What profiling found, in words; `python -m bench` puts it into docs/benchmarks.md beside the figures."""

FOUND = """\
`python -m bench.profile` on this register; CPU of one hand-in in one process, without HTTP: 44 ms at first,
then 4.7 ms, now 2.1 ms. A send cost 2 to 7 ms, and costs 0.6 to 2.7 ms.

* Every turn read all tasks of everybody, twice, to find one person's: now the few that she may answer for, once.
* Each statement was built anew (73 µs of which 50 are the building), then built once and run through SQLAlchemy (20 µs
  and more): now most are given to the driver as they were compiled (`storage/engine/prepared.py`, 3 to 8 µs).
* 27 statements a turn: then 19, two of them the access log's chain.
* "The newest version" was a GROUP BY over whole tables: now a correlated maximum on an index. A year's reports of a
  unit are counted in the database, and what decides on a statement is read without the answers.
* The score just written was read back, the method's forty decimals were parsed each time, dates were written in
  words again and again: now kept. Exact points of a month are kept by their inputs and added over one denominator.
* The SDK's reader of an activity took 0.4 ms for eleven values, and the standard library 0.2 ms to write a card.
* Each turn had a thread hop, a transaction and a commit to itself: now what waits for the writer is done in a row,
  each behind a savepoint, and committed once (`storage/engine/writer.py`). With 16 clients that halved the cost.
* The outbox was sorted anew for each few messages that were taken from it: now an index has the order. The sender
  looked up all people for each message and sent one at a time.
* The same moment was written as text for each column that has it, a text looked up in the catalogue for each row of
  the list, a unit's days counted anew for each report of it, and who answers found for each task of the same owner:
  now remembered. By `valgrind`, which counts instructions whatever else the machine does, in process: 12.7 million a
  hand-in before, 11.8 after. With sixteen megabytes of the database kept, not two, 4 pages are fetched and not 29.
* What awaits a person, and what each report of hers follows, was looked for among every month of each placement: now by
  the few rounds. Every earlier report of the placement was read and opened with each form: now the last one, and only
  where a day may answer by itself. A frozen value of ten fields took three times as long to make as one that is not
  frozen, and a hand-in makes two hundred: those of which it makes a dozen are put together at once (`at_once` in
  `followup/__init__.py`). The forty numbers of the method were sorted and written for each score's proof.
* What had been measured until then also looked through all that is loaded for what can go, a tenth of a second each
  thousand turns, which the bot that is served does not. What is left of it are 75 looks at the youngest in a
  thousand turns, 0.12 % of the instructions.
* A hand-in over HTTP is some 15 million instructions with one client, 70 % of them Python's, 17 SQLite's, 8 the C
  library's and 4 what encodes, seals and signs; but 290 000 of them are not in the nearest cache of the processor
  when their turn comes, and 80 000 times it waits for memory beyond a megabyte (callgrind's own count). So what
  takes 10 µs when it is tried by itself takes up to ten times that in a turn, and to run less of it is worth more
  than to run it faster.
* What the bot has loaded is kept in pages of two megabytes, of which the processor knows where all of them are, and
  each minute what has come since (`bot/loading.py`; Linux from 6.1 on). Of 114 MB that are written 82 are in such,
  one more is used for it, and where there are none nothing is another. Beside the program before, block by block
  of 64 over HTTP at load 12 to 17, with what begins a transaction and is too large for Teams (below): **0.89 to
  0.93 times** the CPU with one client, 0.92 times with 16 and with 64.
* To begin and end a transaction took more of SQLAlchemy than of SQLite: a word to the driver begins it, and the
  next one has the connection that the one before has left. By itself 12 µs and not 38; in a hand-in, at load 13,
  0.22 ms to begin and 0.09 since, and 0.14 ms less to end. A card is written in UTF-16, to know its size, only
  where it may be too large.
* With 16 and 64 clients each piece of work wrote what it was to be undone to into a file of SQLite's: 73 writes of
  the system's a hand-in, 24 since that is kept in memory, and half of the system's part: 0.21 ms and 0.10 with 16,
  0.32 and 0.15 with 64. With one client it is 61, of which 50 are two for each page of the commit.

**Where one hand-in's CPU goes** (28 November 2026, `python -m bench.profile`, which counts computing now and not
the clock; with one client, of all that the process computes): HTTP and the loop 23 %, who it is and what was
pressed 3 %, the database's begin and commit with the log's rows and their chain 9 %, the score 18 %, the report's
reading and storing 12 %, the list that answers 10 %, which is what awaits her, read once, and drawn; what is kept of
the press and of its card 3 %. **18 % came after the acknowledgement**: the message that the card stands in is
changed on other devices some seconds later. That is a row of its own now.

**What it would cost to lose a part**, each with its share of what the transaction computes, sampled by the millisecond
beside load 20, where what waits for memory weighs more than on a machine that does nothing else:

* the score, 25 %: the unit's evidence read (14), the formula (4), its proof, its band and its row stored (7). Without
  it in the transaction a kill would leave a report that has raised no alert;
* the list that answers, 16 %: her tasks read (7), what a statement may say of each (5), and the rows drawn (4). It is
  the receipt, and the next form is opened from it;
* the commit, 12 %: 26 pages of four kilobytes, written and waited for: else what was acknowledged could be lost;
* the log's two rows with their signatures, 10 %: one says what was written, one whose cases the list named;
* the answer kept for repetitions, sealed, 6 %: without it the same press, sent again, would be told as done elsewhere;
* the report itself, 8 %: its answers read and judged, its free text sealed, its row and what is counted of it stored;
* the card on other devices, 4 %: without its row they would still show the form that is answered;
* who it is, where she is reached and what was pressed before, 6 %; and the card drawn, 3 %.

The rest, a tenth, is spread over what calls them. Since then the score, the list and the report take less: 25
statements and not 27, which read in 9 200 of SQLite's steps and not 9 900, 2 245 calls of Python's and not 2 597, and
by turns **0.91 times** the CPU of before (49 blocks of 45 in process, block by block, load 17; the parts above are of
before).

**What is left there**: of the 19 statements that read, alone and with all in memory some 310 µs, two take half: what is
known of the unit's reports (80 µs at 27 placements and two months, and more with each month) and her tasks (80). They
were 340 µs, and the reports 99, before the newest version's row was found itself, and not its number and then the row,
and before an index had all that is asked of a placement's days and of its rounds. By turns in process, load 11 to 16,
49 blocks of 45 each: **0.97 and 0.92 times** the CPU in two runs, the first without what the list asks of earlier
months, and the indexes alone 0.97. To read the dozen small ones together would spare 30. To keep what is known of a
unit's reports from one hand-in to the next would spare the 80, and is not done: the number of the unit's newest score
tells whether somebody has written of it since, which is enough for what is read beside and stored within seconds, but a
round that is opened and a deletion that is carried out move evidence and not that number. It takes a mark of its own
that each of them moves.

**With one client each hand-in has a commit to itself**: 4.6 ms of CPU one in a transaction and 3.2 ms 16 in one, in
process at load 13. Of the 1.4 ms some 0.4 are to begin and end it, 0.3 the log's rows with their chain, 0.4 the
pages with the wait for the disk, and the rest what is not in the caches any more after that wait. Of the 25 pages 6
are the kept answer's with its four indexes, each of which a statement asks for; 3.5 are new ones with the file's
first.

Taken together with what was done of the score, the list and the statements at the same time, block by block over
HTTP beside the program at the evening's beginning (load 12 to 15, 9 blocks of 64): **0.81 times** the CPU with one
client, **0.83** with 16 and **0.77** with 64.

Tried and not taken in: all values of a column read at once and not row by row, which takes from each statement of one
row what it gives those of many; an index that has the placement of each owner (1 µs); the counting of the reports
written in other ways, which the sorting of their rows outweighs. An index less on the kept answers was not tried: a
page of the commit is some 14 µs (0.35 ms by 25), and both that are sought by time are asked for. A score of 2.2
kilobytes takes a page of its own, of which nearly half is empty.

What seals by one call (AES-GCM, of the same library) in place of Fernet was not taken in either: **0.93 times** the CPU
with one client and **0.90** with 16 (load 11 to 13, 21 blocks of 50), which is what two texts sealed by Fernet cost
beside others' work; its own format is what the library keeps well, and stays. A thread of our own in place of the
executor's: 10 µs a hand-in. Holes of what is freed after a start filled, so that what a turn makes lies side by side:
0.97 times, for a trick that nobody would understand.

uvloop was tried beside asyncio's loop, the same hand-ins in blocks to and fro (load 20): 0.99 times the CPU with one
client, 1.07 times with 16. The loop waits for one thread that writes, so it has little to do, and it is not taken in.
A newer CPython was tried too (load 15, 34 blocks of 50 in process, block by block): 3.13.0 takes 1.09 times the CPU of
3.11.7, both compiled without a profile of what they are to run, and Debian's 3.11.2, compiled with one, 0.96 times.

**Against the goals** (29 November, nothing else on the machine, which was quicker than the evening before): the table
above is one run, and two shorter ones after it differ from it by up to a third, so each figure here is of all three.
Less than the Agents SDK's echo, which stores nothing, is reached **in two of three runs with 16 clients** (1.36, 1.00
and 0.97 times), **in one with 64** (1.10, 1.47 and 0.97) and **not with one** (1.45, 1.29 and 1.16); the evening before
it was 1.16, 1.22 and 1.33. At most 1.1 times botbuilder-js's is not reached: 1.96, 2.02 and 1.83 times with 1, 16 and
64. Of botbuilder-python's echo ours takes a third to a fifth; the Teams SDK's takes 0.9 to 2.5 times ours, its bridge
3.7 to 6.4. Five times the SDK's pace of sending at 50 ms is reached (7.3 times; 1.9 without latency, 13.7 at 200 ms),
at 1.2 to 1.5 ms of computing a message where the SDK's client takes 2.3 to 3.2; and the hurried long run kept 96.8 % of
its limit, with nothing lost and nothing said twice.

**Sending takes more than it did**, and less than it took on 28 November: 3.3 ms a message then where 0.7 were measured
on 23 November (the SDK's client, which keeps nothing, went from 2.0 to 2.9 with the machine), and 9 to 10 at a limit.
What had come to it are promises: each message begins just before it is sent, since what a kill put in doubt had mostly
never gone; who begins later than its slot takes another; and of each person it is asked what she has been told that
day. All of them are kept. What the profile found on 29 November, and what became of it:

* **SQLite planned a statement anew each time that it ran**, where it names states or kinds and they were bound to it:
  a bound value may be in another of the partial indexes. To ask what a person has been told that day took 91 µs, of
  which 2 were the answer; it is asked four times a message. Such words stand in the statement now
  (`storage/engine/prepared.py`). To draw and to claim a message went from 1.26 to 0.71 ms in one process.
* **Each message began in a transaction of its own, and was settled and drawn in a turn of its own.** What goes within
  15 ms begins in one transaction (`bot/beginning.py`), or in the one that claims it, with what has been answered for
  meanwhile, which waits at most 25 ms for it. As many as may be under way wait for their slots besides, so that ten
  are drawn at a time at 50 a second and not one; those are in no doubt, and what is in doubt is no more than before.
  At 50 a second 300 messages were 597 transactions and 262 readings beside, and are some 375 and 48.
* **A slot that was missed was taken anew, and missed again**: the new one is begun in the same transaction where it
  comes within 15 ms, and one that has passed by no more is kept, however high the limit is.
* While twenty are on their way the next twenty are drawn, and not all that there is room for at once.

By turns with the program before, beside load 11 to 15: **2.4 ms a message before, 1.3 after** with no limit, 275 to
290 a second before and 410 to 516 after at 50 ms, and **7.0 to 8.2 ms before, 3.6 to 4.2 after** at 50 a second. With
no limit half of what is left is to draw the card from what is true at that moment, and a quarter each the request and
the database; at 50 a second half of it is the loop, which sleeps and is woken some six times for each message. A
transaction that comes alone fifty times a second costs four times what it costs in a row (0.9 and 0.2 ms), since what
it needs is in no cache any more: that is why a message at a limit costs three times one without.
"""
