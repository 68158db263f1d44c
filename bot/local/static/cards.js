// Draws Adaptive Cards with Microsoft's renderer, in this page's look.

const text = (color, subtle) => ({ default: color, subtle: subtle ?? color });
const foregroundColors = {
  default: text("#242424", "#616161"),
  dark: text("#242424", "#616161"),
  light: text("#ffffff", "#f0f0f0"),
  accent: text("#4f52b2"),
  good: text("#0b6a0b"),
  warning: text("#7a5200"),
  attention: text("#b10e1c"),
};
const container = (backgroundColor) => ({ backgroundColor, foregroundColors });

const PROBLEM = "⚠ ";
let marked = 0;

const HOST_CONFIG = {
  fontFamily: "inherit",
  fontSizes: { small: 13, default: 15, medium: 16, large: 18, extraLarge: 22 },
  lineHeights: { small: 18, default: 21, medium: 23, large: 25, extraLarge: 30 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  spacing: { small: 4, default: 8, medium: 14, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: "#e0e0e0" },
  containerStyles: {
    default: container("#ffffff"),
    emphasis: container("#f3f3f6"),
    accent: container("#eef0fb"),
    good: container("#eff8ef"),
    warning: container("#fff7e6"),
    attention: container("#fdf1f2"),
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", weight: "bolder" },
  },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    allowTitleToWrap: true,
  },
  factSet: { title: { weight: "bolder", maxWidth: 220, wrap: true }, value: { wrap: true }, spacing: 16 },
  textBlock: { headingLevel: 3 },
  table: { cellSpacing: 8 },
  supportsInteractivity: true,
};

export const canDraw = () => "AdaptiveCards" in window;

export function prepare() {
  const { AdaptiveCard, NumberInput, Strings } = window.AdaptiveCards;
  AdaptiveCard.onProcessMarkdown = (source, result) => {
    result.outputHtml = boldOnly(source);
    result.didProcess = true;
  };
  // The renderer takes an empty number for one that breaks its min and max.
  const isInRange = NumberInput.prototype.isValid;
  NumberInput.prototype.isValid = function () {
    return this.isSet() ? isInRange.call(this) : !this.isRequired;
  };
  Strings.defaults.overflowButtonTooltip = () => "Fler val";
  Strings.defaults.overflowButtonText = () => "Fler val";
}

// Of Teams' Markdown only **bold** and line breaks are drawn; everything else stays the text it is.
function boldOnly(source) {
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  const safe = source.replace(/[&<>"']/g, (sign) => escapes[sign]);
  return safe.replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").replace(/\r\n|\r|\n/g, "<br>");
}

// The form keeps radio buttons with the same name in different cards apart.
export function drawCard(card, onPress) {
  const drawn = new window.AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = new window.AdaptiveCards.HostConfig(HOST_CONFIG);
  drawn.onExecuteAction = (action) => execute(action, onPress);
  drawn.parse(card);
  const form = document.createElement("form");
  form.className = "card";
  form.noValidate = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.append(drawn.render() ?? document.createTextNode(card.fallbackText ?? "Kortet kunde inte ritas."));
  drawn.getAllInputs().forEach(markProblem);
  return form;
}

// What is wrong stands last in the field's container; it is tied to the field, so that it is read out with it.
function markProblem(input) {
  const box = input.parent;
  const words = box?.getItemAt?.(box.getItemCount() - 1);
  const controls = input.renderedElement?.querySelectorAll("input, select, textarea") ?? [];
  if (!words?.text?.startsWith(PROBLEM) || !words.renderedElement || box.indexOf(words) < box.indexOf(input)) return;
  words.renderedElement.id ||= `wrong-${input.id}-${(marked += 1)}`;
  words.renderedElement.classList.add("problem");
  for (const control of controls) {
    const described = control.getAttribute("aria-describedby");
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", [described, words.renderedElement.id].filter(Boolean).join(" "));
  }
}

function execute(action, onPress) {
  const type = action.getJsonTypeName();
  if (type === "Action.OpenUrl") window.open(action.url, "_blank", "noopener");
  else if (type === "Action.Execute" || type === "Action.Submit")
    onPress({ type, id: action.id, title: action.title, verb: action.verb, data: action.data });
}
