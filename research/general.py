"""Questions and answers that any team might hear, invented: what a ranking that learned must not have unlearned."""

PAIRS = (
    (
        "Why do people give up while they set the product up?",
        "I got to the third screen and closed the lid, it wanted a list I don't have.",
    ),
    (
        "Users find the price hard to understand",
        "Is that per person or per month? I read the page twice and I still couldn't say.",
    ),
    (
        "How do people learn what a button does?",
        "I press it and see. If something terrible happens I press the other one.",
    ),
    ("Participants export data to a spreadsheet", "Every Monday I download the table and fix the sums in Excel."),
    ("People share one login", "We all go in under Karin's name, a second one costs extra."),
    (
        "What makes people distrust the numbers?",
        "It said forty last week and thirty-eight today, and nobody had done anything.",
    ),
    ("Support answers too slowly", "Four days I waited, and by then I had found it out from my nephew."),
    (
        "Customers print things although there is a screen",
        "I like it on paper, I can take it to the kitchen and scribble on it.",
    ),
    ("What do people do when there is no connection?", "In the barn there's no signal, so I write it on my hand."),
    ("The app is slow on old phones", "Mine is six years old, it thinks and thinks and then it's dark again."),
    ("Notifications are ignored because there are too many", "It pings all day, I don't even look any more."),
    ("Who decides what software is bought?", "I choose it, but my brother has the card, so he chooses it."),
    ("People are afraid of deleting something by mistake", "I never touch the bin, what if it's gone for everybody?"),
    (
        "How do colleagues hand work over at the end of a shift?",
        "There is a yellow book by the door, you write in it before you go home.",
    ),
    (
        "Search does not find what people look for",
        "I typed exactly what it's called and it gave me forty other things.",
    ),
    ("Older users cannot read the small print", "It's grey on grey, I have to hold it at the window."),
    ("Why do customers cancel?", "We didn't need it in winter, and in spring we had forgotten it."),
    ("Users want to undo a change", "One step back, that's all I ask, like with a pencil."),
    ("Mobile use happens on the way", "I do it on the bus, with one thumb, in three minutes."),
    ("How do people keep their passwords?", "They're in the drawer, on the back of a Christmas card."),
    ("People would recommend it to a friend", "I've told my sister already, she starts next week."),
    (
        "Invoices cannot be matched with the work that was done",
        "There's a line that says sundry, and I'm to explain sundry to my boss.",
    ),
    ("Meetings take too long", "We sat there for two hours to agree on a date."),
    ("Training is forgotten quickly", "They showed us in May, and in June I asked again how to log in."),
    ("What do people like best?", "That it remembers me, I don't have to begin from nothing."),
    ("Data is entered twice", "First into their system, then into ours, the same name, the same number."),
    ("Customers do not know whom to ask", "There's no telephone number anywhere, only a robot that says hello."),
    ("People worry about who sees what they write", "Can my manager read this? Because then I'd put it differently."),
    ("The calendar shows the wrong time", "It was an hour off all summer and we missed the plumber."),
    ("New colleagues need weeks to get going", "I sat beside Tom until Easter before I dared do one alone."),
    (
        "Forms ask for things that people don't have at hand",
        "Who knows their insurance number by heart? I had to go up to the attic.",
    ),
    ("Which devices do people use?", "The tablet in the shop and the old computer at home, never the phone."),
    ("Files get lost between versions", "There's final, final two and final really, and none is the final one."),
    ("Language is a barrier", "I put it into the translator, sentence by sentence, and hope."),
    ("People find their own workarounds", "I take a photo of the screen and send it to myself."),
    ("Payment by card fails", "It took the money and then it said try again, so I paid twice."),
    ("Why do people come back?", "It was the only one that had Saturdays free."),
    (
        "Reports are made for somebody else",
        "I don't read it, it's for the ministry, they want a column for everything.",
    ),
    ("The first impression is overwhelming", "So many boxes! I felt like in a cockpit."),
    ("Waiting makes people anxious", "It just turns and turns, I didn't know if it had been sent or not."),
)
