"""Prompts that every scheme has without declaring them: a greeting before messages, words for agents, an apology."""

from typing import Final

from callflow.machine import model

VOICEMAIL: Final = "voicemail.greeting"
CONFIRM: Final = "confirm.ask"
CONFIRM_ANY: Final = "confirm.any"
CONFIRM_LATE: Final = "confirm.late"
PIN: Final = "conference.pin"
APOLOGY: Final = "trouble.apology"
"""No scheme can declare a name with a dot."""

_TEXTS: Final = {
    VOICEMAIL: {
        "en": "Please leave a message after the tone.",
        "de": "Bitte hinterlassen Sie eine Nachricht nach dem Ton.",
        "fr": "Veuillez laisser un message après le bip.",
        "es": "Deje su mensaje después de la señal.",
        "ru": "Пожалуйста, оставьте сообщение после сигнала.",
        "id": "Silakan tinggalkan pesan setelah nada.",
        "it": "Lasci un messaggio dopo il segnale acustico.",
        "pt": "Deixe a sua mensagem após o sinal.",
    },
    CONFIRM: {
        "en": "You have a call. Press 1 to take it.",
        "de": "Sie haben einen Anruf. Drücken Sie die 1, um ihn anzunehmen.",
        "fr": "Vous avez un appel. Appuyez sur 1 pour le prendre.",
        "es": "Tiene una llamada. Pulse 1 para atenderla.",
        "ru": "Вам звонок. Чтобы ответить, нажмите 1.",
        "id": "Ada panggilan untuk Anda. Tekan 1 untuk menerimanya.",
        "it": "Ha una chiamata. Prema 1 per rispondere.",
        "pt": "Tem uma chamada. Prima 1 para a atender.",
    },
    CONFIRM_ANY: {
        "en": "You have a call. Press any key to take it.",
        "de": "Sie haben einen Anruf. Drücken Sie eine beliebige Taste, um ihn anzunehmen.",
        "fr": "Vous avez un appel. Appuyez sur une touche pour le prendre.",
        "es": "Tiene una llamada. Pulse cualquier tecla para atenderla.",
        "ru": "Вам звонок. Чтобы ответить, нажмите любую клавишу.",
        "id": "Ada panggilan untuk Anda. Tekan tombol apa saja untuk menerimanya.",
        "it": "Ha una chiamata. Prema un tasto per rispondere.",
        "pt": "Tem uma chamada. Prima qualquer tecla para a atender.",
    },
    CONFIRM_LATE: {
        "en": "Somebody else has taken the call.",
        "de": "Der Anruf wurde schon angenommen.",
        "fr": "L'appel a déjà été pris.",
        "es": "Otra persona ya atendió la llamada.",
        "ru": "Вызов уже принят.",
        "id": "Panggilan sudah diterima orang lain.",
        "it": "Qualcun altro ha già risposto.",
        "pt": "Outra pessoa já atendeu a chamada.",
    },
    PIN: {
        "en": "Please enter the PIN and press hash.",
        "de": "Bitte geben Sie die PIN ein und drücken Sie die Rautetaste.",
        "fr": "Veuillez saisir le code, puis appuyer sur dièse.",
        "es": "Introduzca el PIN y pulse almohadilla.",
        "ru": "Введите код и нажмите решётку.",
        "id": "Masukkan PIN, lalu tekan tanda pagar.",
        "it": "Inserisca il PIN e prema cancelletto.",
        "pt": "Introduza o PIN e prima cardinal.",
    },
    APOLOGY: {
        "en": "We are sorry, something went wrong. Please call again later.",
        "de": "Es tut uns leid, es ist ein Fehler aufgetreten. Bitte rufen Sie später noch einmal an.",
        "fr": "Nous sommes désolés, une erreur s'est produite. Veuillez rappeler plus tard.",
        "es": "Lo sentimos, se ha producido un error. Llame más tarde, por favor.",
        "ru": "Извините, произошла ошибка. Пожалуйста, перезвоните позже.",
        "id": "Maaf, terjadi kesalahan. Silakan menelepon lagi nanti.",
        "it": "Ci scusiamo, si è verificato un errore. Richiami più tardi.",
        "pt": "Lamentamos, ocorreu um erro. Volte a ligar mais tarde, por favor.",
    },
}


def given_prompts(tags: tuple[str, ...]) -> dict[str, model.Prompt]:
    """Return the given prompts in the languages of a scheme; in English where there are no words for one."""
    return {
        name: model.Prompt(name, {tag: texts.get(tag.split("-")[0].lower(), texts["en"]) for tag in tags}, {})
        for name, texts in _TEXTS.items()
    }
